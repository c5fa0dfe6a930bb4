/* Inside host/loop: the loop's state, and what its files share. [loop] */
#ifndef JMH_LOOP_INTERNAL_H
#define JMH_LOOP_INTERNAL_H

#include "host/loop/loop.h"

#include <pthread.h>
#include <uv.h>

/* Called at one point of each round. */
struct jmh_loop_hook {
    void (*fn)(void *user);
    void *user;
};

struct jmh_post;

struct jmh_loop {
    uv_loop_t uv;
    uv_prepare_t prepare; /* before each wait: the turn's end */
    uv_check_t check;     /* after each wait */
    uv_idle_t hold;       /* running: the next wait does not block */
    uv_async_t posted;
    pthread_t thread;
    size_t own_handles; /* of this layer, closing ones included */
    struct jmh_loop_hook round_end, turn_end, after_turn, input;

    bool marked;      /* the turn holds something */
    bool marked_anew; /* since the last look */
    size_t marked_bytes;
    uint64_t marked_since_ns;

    pthread_mutex_t post_lock;
    struct jmh_post *posts, **posts_end;

    uint64_t round_began_ns, idle_before_ns, second_began_ns;
    uint64_t longest_now_us, longest_before_us, late_total;
};

/* Every handle of this layer is counted while it is on the loop: `opened` after its uv_*_init, then
 * jmh_handle_close() with a callback that ends in jmh_handle_closed(). */
void jmh_handle_opened(struct jmh_loop *loop);
void jmh_handle_closed(uv_handle_t *handle);
struct jmh_loop *jmh_handle_loop(const uv_handle_t *handle);

/* The posts that wait (post.c). */
void jmh_posts_run(struct jmh_loop *loop);
void jmh_posts_drop(struct jmh_loop *loop);
/* Measure the round that ends now (load.c). */
void jmh_load_begin(struct jmh_loop *loop);
void jmh_load_round(struct jmh_loop *loop);
/* Close a handle of another file when the loop is freed. */
void jmh_process_forget(uv_handle_t *handle);
void jmh_signal_forget(uv_handle_t *handle);

#endif
