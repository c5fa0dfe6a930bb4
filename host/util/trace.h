/* The host's own log on standard error: lines for a person on a terminal, JSON lines otherwise. */
#ifndef JMH_UTIL_TRACE_H
#define JMH_UTIL_TRACE_H

#include <junmai/ext/log.h>

/* Set once at start: the least level that is written (JM_LOG_*). */
void jmh_trace_level(int32_t level);
/* One line: `who` is the part of the host or the plugin. [any] */
__attribute__((format(printf, 3, 4))) void jmh_trace(int32_t level, const char *who,
                                                     const char *format, ...);

#endif
