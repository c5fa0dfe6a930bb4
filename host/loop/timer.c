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
    uv_update_time(&loop->uv); /* a long callback must not shorten the delay */
    (void)uv_timer_start(&timer->uv, on_timeout, delay_ms, repeat_ms);
    return timer;
}

void jmh_timer_stop(struct jmh_timer *timer)
{
    if (timer != NULL && !uv_is_closing((uv_handle_t *)&timer->uv)) {
        uv_close((uv_handle_t *)&timer->uv, on_closed);
    }
}
