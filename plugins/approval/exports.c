/* Calls of the plugin export, and the setting that asks for it. */
#include "exports.h"

#include <export/export.h>
#include <junmai/sdk/json.h>
#include <system/system.h>

static void take_bool(void *user, jm_span json)
{
    *(bool *)user = jm_span_is(json, "true");
}

bool approval_exports_by_themselves(const struct approval_core *core)
{
    const settings_service *settings = core->settings->table;
    bool wanted = false;
    if (settings != NULL)
        (void)settings->get(core->settings->provider_data, JM_SPAN("/processing/auto_export"),
                            take_bool, &wanted);
    return wanted;
}

static void append_jobs(void *user, jm_span json)
{
    json_t *jobs = json_loadb(json.ptr, json.len, 0, NULL);
    json_array_extend(user, jobs);
    json_decref(jobs);
}

jm_status approval_exports_add(const struct approval_core *core, int64_t photo, json_t *jobs)
{
    const export_service *service = core->exports->table;
    if (service == NULL)
        return JM_OK;
    void *data = core->exports->provider_data;
    jm_status status = service->trigger(data, photo, append_jobs, jobs);
    return status < 0 ? approval_fail_as(core, status, service->last_error(data)) : JM_OK;
}
