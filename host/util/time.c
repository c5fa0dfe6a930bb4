/* Times. Any thread. */
#include "host/util/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t jmh_time_utc_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t jmh_time_monotonic_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)(now.tv_nsec / 1000000);
}

void jmh_time_format(int64_t utc_ms, char *out)
{
    /* Events come in bursts: the text of the last second serves the next one too. */
    static _Thread_local int64_t last_second = INT64_MIN;
    static _Thread_local char last_text[JMH_TIME_BYTES];
    int64_t second = utc_ms / 1000;
    int64_t ms = utc_ms % 1000;
    if (ms < 0) {
        second -= 1;
        ms += 1000;
    }
    if (second != last_second) {
        time_t when = (time_t)second;
        struct tm parts;
        if (gmtime_r(&when, &parts) == NULL ||
            strftime(last_text, sizeof last_text, "%Y-%m-%dT%H:%M:%S.000Z", &parts) == 0) {
            memcpy(last_text, "1970-01-01T00:00:00.000Z", sizeof last_text);
        }
        last_second = second;
    }
    memcpy(out, last_text, JMH_TIME_BYTES);
    out[20] = (char)('0' + ms / 100);
    out[21] = (char)('0' + ms / 10 % 10);
    out[22] = (char)('0' + ms % 10);
}
