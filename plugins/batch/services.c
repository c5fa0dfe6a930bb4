/* Calls of other plugins: whether they are there, and what they say when something fails. */
#include "services.h"

jm_status batch_queue(const struct batch_core *core, const queue_service **queue_out)
{
    *queue_out = core->queue->table;
    return *queue_out != NULL
               ? JM_OK
               : batch_fail(core, JM_EBUSY, "the plugin queue is away for a moment; try again");
}

jm_status batch_catalog(const struct batch_core *core, const catalog_service **catalog_out)
{
    *catalog_out = core->catalog->table;
    return *catalog_out != NULL
               ? JM_OK
               : batch_fail(core, JM_EBUSY, "the plugin catalog is away for a moment; try again");
}

jm_status batch_queue_result(const struct batch_core *core, int64_t status)
{
    const queue_service *queue = core->queue->table;
    if (status >= 0)
        return JM_OK;
    return batch_fail_as(core, (jm_status)status, queue->last_error(core->queue->provider_data));
}

jm_status batch_catalog_result(const struct batch_core *core, jm_status status)
{
    const catalog_service *catalog = core->catalog->table;
    if (status >= 0)
        return JM_OK;
    return batch_fail_as(core, status, catalog->last_error(core->catalog->provider_data));
}
