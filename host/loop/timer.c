/* Timers. The handle is closed at once and freed when the loop has let go of it. [loop] */
#include "host/loop/internal.h"

#include <stdlib.h>

struct jmh_timer {
    uv_timer_t uv;
    void (*fn)(void *user);
    void *user;
};

static void on_closed(uv_handle_t *handle)
{
    jmh_handle_closed(handle);
    free(handle->data);
}

static void on_timeout(uv_timer_t *uv)
{
    struct jmh_timer *timer = uv->data;
    bool is_last = uv_timer_get_repeat(uv) == 0;
    timer->fn(timer->user);
    if (is_last) {
        jmh_timer_stop(timer);
    }
}

/* From the loop's time, which stands still during a round. Counted from now, so that a long callback
 * does not shorten it; and behind the loop's time, so that timers which start each other let everybody
 * else have their round. */
static uint64_t delay_from_loop_time(const uv_loop_t *uv, uint64_t delay_ms)
{
    uint64_t now_ms = uv_hrtime() / 1000000;
    uint64_t late_ms = now_ms > uv_now(uv) ? now_ms - uv_now(uv) : 0;
    uint64_t delay = delay_ms < UINT64_MAX - late_ms ? delay_ms + late_ms : UINT64_MAX;
    return delay > 0 ? delay : 1;
}

struct jmh_timer *jmh_timer_start(struct jmh_loop *loop, uint64_t delay_ms, uint64_t repeat_ms,
                                  void (*fn)(void *user), void *user)
{
    struct jmh_timer *timer = malloc(sizeof *timer);
    if (timer == NULL) {
        return NULL;
    }
    timer->fn = fn;
    timer->user = user;
    (void)uv_timer_init(&loop->uv, &timer->uv);
    timer->uv.data = timer;
    jmh_handle_opened(loop);
    (void)uv_timer_start(&timer->uv, on_timeout, delay_from_loop_time(&loop->uv, delay_ms),
                         repeat_ms);
    return timer;
}

void jmh_timer_stop(struct jmh_timer *timer)
{
    if (timer != NULL && !uv_is_closing((uv_handle_t *)&timer->uv)) {
        uv_close((uv_handle_t *)&timer->uv, on_closed);
    }
}
