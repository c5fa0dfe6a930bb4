/* junmai.metric/1 - numbers in GET /metrics (Prometheus text). */
#ifndef JUNMAI_EXT_METRIC_H
#define JUNMAI_EXT_METRIC_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_METRIC "junmai.metric/1"

#define JM_METRIC_COUNTER 1 /* only grows; the name ends in _total */
#define JM_METRIC_GAUGE 2   /* goes up and down */

typedef struct jm_host_metric {
    uint32_t size;
    /* Declare a metric "junmai_PLUGIN_NAME"; `name` has its unit ("copied_bytes_total"). `label` is
     * one label as `key="value"`, or NULL. [loop & loaded]
     * Returns JM_OK, JM_EINVAL (name), JM_EEXIST. */
    jm_status (*declare)(const jm_host *host, int32_t kind, const char *name, const char *label,
                         const char *help, jm_id *metric_out);
    /* Add to a metric. A counter takes no negative amount. [loop]  Returns JM_OK, JM_EGONE, JM_EINVAL. */
    jm_status (*add)(const jm_host *host, jm_id metric, double amount);
    /* Set a gauge. [loop]  Returns JM_OK, JM_EGONE, JM_EINVAL (a counter). */
    jm_status (*set)(const jm_host *host, jm_id metric, double value);
} jm_host_metric;

#ifdef __cplusplus
}
#endif
#endif
