/* Signals, delivered on the loop. They are watched until the loop ends. [loop] */
#include "host/loop/internal.h"

#include <stdlib.h>

struct signal_watch {
    uv_signal_t uv;
    void (*fn)(void *user, int signal);
    void *user;
};

static void on_closed(uv_handle_t *handle)
{
    jmh_handle_closed(handle);
    free(handle->data);
}

static void on_signal(uv_signal_t *uv, int number)
{
    struct signal_watch *watch = uv->data;
    watch->fn(watch->user, number);
}

jm_status jmh_loop_on_signal(struct jmh_loop *loop, int signal, void (*fn)(void *user, int signal),
                             void *user)
{
    struct signal_watch *watch = malloc(sizeof *watch);
    if (watch == NULL) {
        return JM_ENOMEM;
    }
    watch->fn = fn;
    watch->user = user;
    if (uv_signal_init(&loop->uv, &watch->uv) != 0) {
        free(watch);
        return JM_ENOMEM;
    }
    watch->uv.data = watch;
    jmh_handle_opened(loop);
    if (uv_signal_start(&watch->uv, on_signal, signal) != 0) {
        jmh_signal_forget((uv_handle_t *)&watch->uv);
        return JM_EINVAL;
    }
    uv_unref((uv_handle_t *)&watch->uv);
    return JM_OK;
}

void jmh_signal_forget(uv_handle_t *handle)
{
    uv_close(handle, on_closed);
}
