/* junmai.clock/1 - time, as the host sees it (a test host has a virtual one). */
#ifndef JUNMAI_EXT_CLOCK_H
#define JUNMAI_EXT_CLOCK_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_CLOCK "junmai.clock/1"

typedef struct jm_host_clock {
    uint32_t size;
    /* Milliseconds since 1970-01-01T00:00:00Z; may jump. [any] */
    int64_t (*utc_ms)(const jm_host *host);
    /* Milliseconds since some start; never goes back. [any] */
    uint64_t (*monotonic_ms)(const jm_host *host);
} jm_host_clock;

#ifdef __cplusplus
}
#endif
#endif
