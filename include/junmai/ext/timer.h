/* junmai.timer/1 - one-shot and repeating callbacks on the loop thread.
 *
 * The host owns every timer, a plugin holds its id. Timers of a draining plugin are frozen, those of
 * a plugin that has ended are gone. */
#ifndef JUNMAI_EXT_TIMER_H
#define JUNMAI_EXT_TIMER_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_TIMER "junmai.timer/1"

/* A callback of the host (plugin.h). [loop & active] */
typedef jm_status (*jm_timer_fn)(void *user, jm_id timer);

typedef struct jm_host_timer {
    uint32_t size;
    /* Fire after delay_ms, then every repeat_ms (0: once). `label` is copied; an operator reads it.
     * Allowed from activate() on. [loop & active]
     * Returns JM_OK, JM_EINVAL (no fn, no label), JM_ESTATE, JM_ENOMEM. */
    jm_status (*start)(const jm_host *host, const char *label, uint64_t delay_ms,
                       uint64_t repeat_ms, jm_timer_fn fn, void *user, jm_id *timer_out);
    /* After it returns, fn does not run again for this id. [loop]  Returns JM_OK, JM_EGONE. */
    jm_status (*stop)(const jm_host *host, jm_id timer);
} jm_host_timer;

#ifdef __cplusplus
}
#endif
#endif
