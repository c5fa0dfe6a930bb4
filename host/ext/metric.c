/* junmai.metric/1: numbers of the plugin, under its name. [loop] */
#include "host/ext/ext.h"
#include "host/ext/states.h"
#include "host/host.h"

#include <junmai/ext/metric.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 128

static jm_status check(const struct jmh_plugin *plugin, int32_t kind, const char *name,
                       struct jmh_err *err)
{
    if (kind != JM_METRIC_COUNTER && kind != JM_METRIC_GAUGE)
        return jmh_err_set(err, JM_EINVAL, "metric '%.64s' of '%s' is neither counter nor gauge",
                           name, plugin->name);
    size_t len = strlen(name);
    bool total = len > 6 && strcmp(name + len - 6, "_total") == 0;
    if (len == 0 || len > 64 || (kind == JM_METRIC_COUNTER) != total)
        return jmh_err_set(err, JM_EINVAL,
                           "metric '%.64s' of '%s': the name of a counter, and no other, ends in "
                           "_total",
                           name, plugin->name);
    return JM_OK;
}

static jm_status declare(const jm_host *host, int32_t kind, const char *name, const char *label,
                         const char *help, jm_id *metric_out)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "metric.declare()", JMH_IN_INIT);
    if (status < 0)
        return status;
    status = check(plugin, kind, name != NULL ? name : "", &err);
    if (status >= 0 && metric_out == NULL)
        status = jmh_err_set(&err, JM_EINVAL, "metric.declare() needs a place for the id");
    if (status < 0)
        return jmh_ext_fail(host, &err);
    /* A check of the configuration counts nothing. */
    *metric_out = 0;
    if (plugin->host->metrics == NULL)
        return JM_OK;
    char full[NAME_MAX_BYTES];
    snprintf(full, sizeof full, "junmai_%s_%s", plugin->name, name);
    if (jmh_metrics_has(plugin->host->metrics, full, label)) {
        jmh_err_set(&err, JM_EEXIST, "'%s' declares metric %s%s%s, which is there already",
                    plugin->name, full, label != NULL ? " with " : "", label != NULL ? label : "");
        return jmh_ext_fail(host, &err);
    }
    const struct jmh_metric *metric = jmh_metric_declare(
        plugin->host->metrics, plugin->name, kind == JM_METRIC_COUNTER, full, label, help, &err);
    if (metric == NULL)
        return jmh_ext_fail(host, &err);
    *metric_out = jmh_metric_id(metric);
    return JM_OK;
}

static jm_status find(const jm_host *host, const char *function, jm_id id,
                      struct jmh_metric **metric_out)
{
    jm_status status = jmh_ext_check(host, function, JMH_WHENEVER);
    if (status < 0)
        return status;
    const struct jmh_plugin *plugin = jmh_plugin_of(host);
    const struct jmh_metrics *metrics = plugin->host->metrics;
    *metric_out = metrics != NULL ? jmh_metric_by_id(metrics, id) : NULL;
    bool is_own = *metric_out != NULL && jmh_metric_is_of(*metric_out, plugin->name);
    return is_own ? JM_OK : JM_EGONE;
}

static jm_status add(const jm_host *host, jm_id id, double amount)
{
    struct jmh_metric *metric;
    struct jmh_err err;
    jm_status status = find(host, "metric.add()", id, &metric);
    if (status < 0)
        return status;
    if (jmh_metric_is_counter(metric) && !(amount >= 0.0)) {
        jmh_err_set(&err, JM_EINVAL, "metric.add(): a counter takes no negative amount");
        return jmh_ext_fail(host, &err);
    }
    jmh_metric_add(metric, amount);
    return JM_OK;
}

static jm_status set(const jm_host *host, jm_id id, double value)
{
    struct jmh_metric *metric;
    struct jmh_err err;
    jm_status status = find(host, "metric.set()", id, &metric);
    if (status < 0)
        return status;
    if (jmh_metric_is_counter(metric)) {
        jmh_err_set(&err, JM_EINVAL, "metric.set(): a counter only grows, use add()");
        return jmh_ext_fail(host, &err);
    }
    jmh_metric_set(metric, value);
    return JM_OK;
}

const jm_host_metric jmh_ext_metric = {sizeof(jm_host_metric), declare, add, set};
