/* junmai.error/1: one sentence a plugin. [loop] */
#include "host/ext/ext.h"
#include "host/ext/states.h"
#include "host/util/span.h"

#include <junmai/ext/error.h>

static jm_span last(const jm_host *host)
{
    return jmh_span(jmh_plugin_of(host)->last_error.text);
}

static jm_status set(const jm_host *host, jm_status status, jm_span sentence)
{
    if (jmh_ext_check(host, "error.set()", JMH_WHENEVER) < 0)
        return status;
    /* It may lie in the very buffer that is written. */
    struct jmh_err err;
    jmh_err_set(&err, status, "%.*s", JMH_ARG(sentence));
    return jmh_ext_fail(host, &err);
}

const jm_host_error jmh_ext_error = {sizeof(jm_host_error), last, set};
