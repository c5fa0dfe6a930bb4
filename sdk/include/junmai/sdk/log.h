/* printf-style sugar over junmai.log/1 and junmai.error/1.
 *
 * Both format into a buffer on the stack and cut what does not fit at a character's end.
 * jm_log_format is [any]; jm_fail is [loop]. */
#ifndef JUNMAI_SDK_LOG_H
#define JUNMAI_SDK_LOG_H

#include <junmai/ext/error.h>
#include <junmai/ext/log.h>
#include <junmai/sdk/span.h>
#include <stdarg.h>
#include <stdio.h>

#define JM_LOG_LINE_BYTES 1024 /* of text */
#define JM_SENTENCE_BYTES 511  /* as many as junmai.error/1 keeps */

/* For "%.*s": the two arguments that print a span. */
#define JM_SPAN_ARGS(span) (int)(span).len, ((span).len > 0 ? (span).ptr : "")

/* JM_LOGF(log, host, JM_LOG_INFO, "copied %d files", n) */
#define JM_LOGF jm_log_format

/* What vsnprintf left in `buffer` after it returned `written`, cut to size - 2 bytes: the byte behind
 * the cut is still text, which tells whether a character would be cut in two. */
static inline jm_span jm_formatted(const char *buffer, size_t size, int written)
{
    jm_span all = {buffer, written < 0 ? 0 : (size_t)written};
    if (all.len > size - 1)
        all.len = size - 1;
    return jm_span_cut(all, size - 2);
}

__attribute__((format(printf, 4, 5))) static inline void jm_log_format(const jm_host_log *log,
                                                                       const jm_host *host,
                                                                       int32_t level,
                                                                       const char *format, ...)
{
    char line[JM_LOG_LINE_BYTES + 2];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    log->write(host, level, jm_formatted(line, sizeof(line), written));
}

/* Set the sentence of a failure and return its status, as in
 * `return jm_fail(error, host, JM_ENOENT, "no session %lld", id);` */
__attribute__((format(printf, 4, 5))) static inline jm_status jm_fail(const jm_host_error *error,
                                                                      const jm_host *host,
                                                                      jm_status status,
                                                                      const char *format, ...)
{
    char sentence[JM_SENTENCE_BYTES + 2];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    error->set(host, status, jm_formatted(sentence, sizeof(sentence), written));
    return status;
}

#endif
