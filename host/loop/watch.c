/* Descriptors that are watched for input or room. [loop] */
#include "host/loop/internal.h"

#include <junmai/ext/fd.h>

#include <stdlib.h>

struct jmh_watch {
    uv_poll_t uv;
    void (*fn)(void *user, uint32_t events, jm_status status);
    void *user;
};

static void on_closed(uv_handle_t *handle)
{
    jmh_handle_closed(handle);
    free(handle->data);
}

static void on_ready(uv_poll_t *uv, int status, int events)
{
    struct jmh_watch *watch = uv->data;
    uint32_t ready = ((events & UV_READABLE) != 0 ? JM_FD_READABLE : 0) |
                     ((events & UV_WRITABLE) != 0 ? JM_FD_WRITABLE : 0);
    watch->fn(watch->user, status < 0 ? 0 : ready, status < 0 ? JM_EIO : JM_OK);
}

struct jmh_watch *jmh_watch_start(struct jmh_loop *loop, int fd, uint32_t events,
                                  void (*fn)(void *user, uint32_t events, jm_status status),
                                  void *user)
{
    struct jmh_watch *watch = malloc(sizeof *watch);
    if (watch == NULL || uv_poll_init(&loop->uv, &watch->uv, fd) != 0) {
        free(watch);
        return NULL;
    }
    watch->fn = fn;
    watch->user = user;
    watch->uv.data = watch;
    jmh_handle_opened(loop);
    jmh_watch_change(watch, events);
    return watch;
}

void jmh_watch_change(struct jmh_watch *watch, uint32_t events)
{
    int wanted = ((events & JM_FD_READABLE) != 0 ? UV_READABLE : 0) |
                 ((events & JM_FD_WRITABLE) != 0 ? UV_WRITABLE : 0);
    if (wanted != 0) {
        (void)uv_poll_start(&watch->uv, wanted, on_ready);
    } else {
        (void)uv_poll_stop(&watch->uv);
    }
}

void jmh_watch_stop(struct jmh_watch *watch)
{
    if (watch != NULL && !uv_is_closing((uv_handle_t *)&watch->uv)) {
        uv_close((uv_handle_t *)&watch->uv, on_closed);
    }
}
