/* junmai.clock/1 [any] */
#include "host/ext/ext.h"
#include "host/util/time.h"

#include <junmai/ext/clock.h>

static int64_t utc_ms(const jm_host *host)
{
    (void)host;
    return jmh_time_utc_ms();
}

static uint64_t monotonic_ms(const jm_host *host)
{
    (void)host;
    return jmh_time_monotonic_ms();
}

const jm_host_clock jmh_ext_clock = {sizeof(jm_host_clock), utc_ms, monotonic_ms};
