/* One way into the queue, for settings that were posted and for those that a model has written. */
#include "new_job.h"

#include "dev_config.h"
#include "jobs.h"

jm_status lr_new_job(struct lr_core *core, const struct lr_order *order, const json_t *config,
                     int32_t bad_status, const char *bad_sentence)
{
    char id[QUEUE_ID_SIZE];
    json_t *faults = lr_dev_config_faults(config);
    if (faults == NULL)
        return JM_ENOMEM;
    if (json_array_size(faults) > 0)
        return jm_json_respond(core->api.http, core->api.host, order->request, bad_status,
                               json_pack("{s:s, s:o}", "error", bad_sentence, "details", faults));
    json_decref(faults);
    jm_status status = lr_job_submit(core, config, order->priority, order->photo, id);
    if (status < 0)
        return status;
    return jm_json_respond(
        core->api.http, core->api.host, order->request, 201,
        json_pack("{s:s, s:s}", "jobId", id, "message", "Job created successfully"));
}
