/* The log on standard error. Any thread: one line is one write. */
#include "host/util/trace.h"

#include "host/util/buf.h"
#include "host/util/span.h"
#include "host/util/time.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define TRACE_LINE_BYTES 4096

static const char *const level_names[] = {"debug", "info", "warning", "error"};
static int32_t least_level = JM_LOG_INFO;

void jmh_trace_level(int32_t level)
{
    least_level = level;
}

static void add_printable(struct jmh_buf *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            jmh_buf_addf(out, "\\x%02x", (unsigned char)*at);
        } else {
            jmh_buf_add(out, at, 1);
        }
    }
}

void jmh_trace(int32_t level, const char *who, const char *format, ...)
{
    if (level < least_level || level > JM_LOG_ERROR) {
        return;
    }
    char text[TRACE_LINE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char when[JMH_TIME_BYTES];
    jmh_time_format(jmh_time_utc_ms(), when);
    struct jmh_buf line = {0};
    if (isatty(STDERR_FILENO) == 1) {
        jmh_buf_addf(&line, "%.8s %-7s %s: ", when + 11, level_names[level], who);
        add_printable(&line, text);
    } else {
        jmh_buf_addf(&line, "{\"timestamp\":\"%s\",\"level\":\"%s\",\"source\":", when,
                     level_names[level]);
        jmh_buf_add_json_text(&line, jmh_span(who));
        jmh_buf_add_text(&line, ",\"message\":");
        jmh_buf_add_json_text(&line, jmh_span(text));
        jmh_buf_add_text(&line, "}");
    }
    jmh_buf_add_text(&line, "\n");
    if (!line.failed) {
        ssize_t written = write(STDERR_FILENO, line.data, line.len);
        (void)written;
    }
    jmh_buf_fini(&line);
}
