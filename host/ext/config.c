/* junmai.config/1: the plugin's options, checked against its part of junmai.json. [loop] */
#include "host/ext/ext.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/util/span.h"

#include <junmai/ext/config.h>

static jm_status declare(const jm_host *host, const jm_option *options, size_t count)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "config.declare()", JMH_IN_INIT);
    if (status < 0)
        return status;
    if (plugin->option_table != NULL) {
        jmh_err_set(&err, JM_ESTATE, "config.declare() was called a second time");
        return jmh_ext_fail(host, &err);
    }
    if (options == NULL) {
        jmh_err_set(&err, JM_EINVAL, "config.declare() was called without options");
        return jmh_ext_fail(host, &err);
    }
    if (jmh_option_table_check(options, count, &err) < 0)
        return jmh_ext_fail(host, &err);
    plugin->options =
        jmh_plugin_options_new(&plugin->host->config, plugin->name, options, count, &err);
    if (plugin->options == NULL) {
        plugin->misconfigured = true;
        plugin->reason = err;
        return jmh_ext_fail(host, &err);
    }
    plugin->option_table = options;
    plugin->option_count = count;
    return JM_OK;
}

/* Set the sentence for a read that failed. */
static jm_status told(const jm_host *host, const char *name, jm_status status)
{
    struct jmh_err err;
    if (status >= 0)
        return status;
    jmh_err_set(&err, status, "option '%.64s' %s", name != NULL ? name : "",
                status == JM_EINVAL ? "is of another type" : "was not declared, or ends before");
    return jmh_ext_fail(host, &err);
}

static jm_status get_bool(const jm_host *host, const char *name, int32_t *value_out)
{
    return told(host, name, jmh_plugin_options_bool(jmh_plugin_of(host)->options, name, value_out));
}

static jm_status get_int(const jm_host *host, const char *name, int64_t *value_out)
{
    return told(host, name, jmh_plugin_options_int(jmh_plugin_of(host)->options, name, value_out));
}

static jm_status get_number(const jm_host *host, const char *name, double *value_out)
{
    return told(host, name,
                jmh_plugin_options_number(jmh_plugin_of(host)->options, name, value_out));
}

static jm_status get_text(const jm_host *host, const char *name, jm_span *value_out)
{
    return told(host, name, jmh_plugin_options_text(jmh_plugin_of(host)->options, name, value_out));
}

static jm_status get_item(const jm_host *host, const char *name, size_t index, jm_span *value_out)
{
    return told(host, name,
                jmh_plugin_options_item(jmh_plugin_of(host)->options, name, index, value_out));
}

static jm_span data_dir(const jm_host *host)
{
    return jmh_span(jmh_plugin_of(host)->host->data_dir.path);
}

const jm_host_config jmh_ext_config = {
    sizeof(jm_host_config), declare, get_bool, get_int, get_number, get_text, get_item, data_dir};
