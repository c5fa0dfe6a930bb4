/* The loop and its turns. [loop]
 *
 * A turn ends just before the loop would wait for input. While input keeps coming the end is put off a
 * little: what many clients send at about the same time is then one transaction, and each subscriber
 * gets it with one write. Idle, the price is one more look for input that does not wait. */
#include "host/loop/internal.h"

#include <stdlib.h>

#define HOLD_NS 1000000u
#define HOLD_BYTES 65536u

void jmh_handle_opened(struct jmh_loop *loop)
{
    loop->own_handles++;
}

struct jmh_loop *jmh_handle_loop(const uv_handle_t *handle)
{
    return handle->loop->data;
}

void jmh_handle_closed(uv_handle_t *handle)
{
    jmh_handle_loop(handle)->own_handles--;
}

static void on_hold(uv_idle_t *hold)
{
    (void)hold;
}

/* Whether the turn had better wait for more input; never beyond its bounds. */
static bool is_worth_holding(const struct jmh_loop *loop)
{
    return loop->marked_anew && loop->marked_bytes < HOLD_BYTES &&
           uv_hrtime() - loop->marked_since_ns < HOLD_NS;
}

static void call(const struct jmh_loop_hook *hook)
{
    if (hook->fn != NULL) {
        hook->fn(hook->user);
    }
}

static void end_turn(struct jmh_loop *loop)
{
    loop->marked = false;
    loop->marked_bytes = 0;
    call(&loop->turn_end);
}

static void on_prepare(uv_prepare_t *prepare)
{
    struct jmh_loop *loop = jmh_handle_loop((uv_handle_t *)prepare);
    if (loop->marked) {
        call(&loop->round_end);
        if (!is_worth_holding(loop)) {
            end_turn(loop);
        }
        loop->marked_anew = false;
    }
    /* What the end of a turn has marked is the next turn's, which must not wait for input either. */
    if (loop->marked) {
        (void)uv_idle_start(&loop->hold, on_hold);
    } else {
        (void)uv_idle_stop(&loop->hold);
    }
    jmh_load_round(loop);
}

static void on_check(uv_check_t *check)
{
    call(&jmh_handle_loop((uv_handle_t *)check)->input);
}

static void on_posted(uv_async_t *posted)
{
    jmh_posts_run(jmh_handle_loop((uv_handle_t *)posted));
}

void jmh_loop_mark(struct jmh_loop *loop, size_t bytes)
{
    if (!loop->marked) {
        loop->marked = true;
        loop->marked_since_ns = uv_hrtime();
    }
    loop->marked_anew = true;
    loop->marked_bytes += bytes;
}

struct jmh_loop *jmh_loop_new(void)
{
    struct jmh_loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL || uv_loop_init(&loop->uv) != 0) {
        free(loop);
        return NULL;
    }
    loop->uv.data = loop;
    loop->thread = pthread_self();
    (void)uv_loop_configure(&loop->uv, UV_METRICS_IDLE_TIME);
    if (uv_async_init(&loop->uv, &loop->posted, on_posted) != 0) {
        (void)uv_loop_close(&loop->uv);
        free(loop);
        return NULL;
    }
    (void)pthread_mutex_init(&loop->post_lock, NULL);
    loop->posts_end = &loop->posts;
    (void)uv_prepare_init(&loop->uv, &loop->prepare);
    (void)uv_check_init(&loop->uv, &loop->check);
    (void)uv_idle_init(&loop->uv, &loop->hold);
    (void)uv_prepare_start(&loop->prepare, on_prepare);
    (void)uv_check_start(&loop->check, on_check);
    loop->own_handles = 4;
    jmh_load_begin(loop);
    return loop;
}

/* A timer, watch, process or signal that its owner has left open. */
static void close_leftover(uv_handle_t *handle, void *user)
{
    (void)user;
    if (uv_is_closing(handle)) {
        return;
    }
    switch (handle->type) {
    case UV_TIMER:
        jmh_timer_stop(handle->data);
        break;
    case UV_POLL:
        jmh_watch_stop(handle->data);
        break;
    case UV_PROCESS:
        jmh_process_forget(handle);
        break;
    case UV_SIGNAL:
        jmh_signal_forget(handle);
        break;
    default: /* the loop's own */
        uv_close(handle, NULL);
        break;
    }
}

void jmh_loop_free(struct jmh_loop *loop)
{
    if (loop == NULL) {
        return;
    }
    loop->turn_end = loop->input = (struct jmh_loop_hook){NULL, NULL};
    /* The calls of `done` of jobs that still run may open new handles: until nothing is left. */
    while (uv_loop_close(&loop->uv) != 0) {
        uv_walk(&loop->uv, close_leftover, NULL);
        (void)uv_run(&loop->uv, UV_RUN_ONCE);
    }
    jmh_posts_drop(loop);
    (void)pthread_mutex_destroy(&loop->post_lock);
    free(loop);
}

void jmh_loop_run(struct jmh_loop *loop)
{
    jmh_load_begin(loop);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void jmh_loop_stop(struct jmh_loop *loop)
{
    uv_stop(&loop->uv);
}

bool jmh_loop_is_current(const struct jmh_loop *loop)
{
    return pthread_equal(loop->thread, pthread_self()) != 0;
}

void jmh_loop_on_round_end(struct jmh_loop *loop, void (*fn)(void *user), void *user)
{
    loop->round_end = (struct jmh_loop_hook){fn, user};
}

void jmh_loop_on_turn_end(struct jmh_loop *loop, void (*fn)(void *user), void *user)
{
    loop->turn_end = (struct jmh_loop_hook){fn, user};
}

void jmh_loop_on_input(struct jmh_loop *loop, void (*fn)(void *user), void *user)
{
    loop->input = (struct jmh_loop_hook){fn, user};
}

void *jmh_loop_native(struct jmh_loop *loop)
{
    return &loop->uv;
}

static void count_handle(uv_handle_t *handle, void *user)
{
    (void)handle;
    ++*(size_t *)user;
}

size_t jmh_loop_foreign_handles(struct jmh_loop *loop)
{
    size_t count = 0;
    uv_walk(&loop->uv, count_handle, &count);
    return count - loop->own_handles;
}

void jmh_loop_step(struct jmh_loop *loop)
{
    (void)uv_run(&loop->uv, UV_RUN_ONCE);
}
