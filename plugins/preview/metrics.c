/* Declaring the metrics. */
#include "metrics.h"

#include "core.h"

jm_status metrics_declare(struct preview_core *core)
{
    struct preview_metrics *metrics = &core->metrics;
    const struct {
        int32_t kind;
        const char *name;
        const char *help;
        jm_id *id;
    } all[] = {
        {JM_METRIC_COUNTER, "made_total", "Photographs whose thumbnails were made.",
         &metrics->made},
        {JM_METRIC_COUNTER, "failed_total", "Photographs whose thumbnails could not be made.",
         &metrics->failed},
        {JM_METRIC_COUNTER, "hits_total", "Requests that the cache has answered.", &metrics->hits},
        {JM_METRIC_GAUGE, "cache_bytes", "Size of all thumbnails in the cache.",
         &metrics->cache_bytes},
    };
    jm_status status = JM_OK;
    for (size_t i = 0; i < JM_COUNT(all) && status == JM_OK; i++) {
        status = core->metric->declare(core->host, all[i].kind, all[i].name, NULL, all[i].help,
                                       all[i].id);
    }
    return status;
}
