/* Wall clock and monotonic time, and the one form in which times are written. */
#ifndef JMH_UTIL_TIME_H
#define JMH_UTIL_TIME_H

#include <junmai/types.h>

#define JMH_TIME_BYTES 25 /* "2025-11-09T12:34:56.789Z" and its NUL */

int64_t jmh_time_utc_ms(void);
uint64_t jmh_time_monotonic_ms(void);
/* UTC with milliseconds and Z, into JMH_TIME_BYTES bytes. */
void jmh_time_format(int64_t utc_ms, char *out);

#endif
