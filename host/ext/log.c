/* junmai.log/1 [any] */
#include "host/ext/ext.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <junmai/ext/log.h>

#define LINE_MAX_BYTES 4096

static void write_line(const jm_host *host, int32_t level, jm_span text)
{
    if (text.len > LINE_MAX_BYTES)
        text.len = LINE_MAX_BYTES;
    if (level < JM_LOG_DEBUG || level > JM_LOG_ERROR)
        level = JM_LOG_ERROR;
    jmh_trace(level, jmh_plugin_of(host)->name, "%.*s", JMH_ARG(text));
}

const jm_host_log jmh_ext_log = {sizeof(jm_host_log), write_line};
