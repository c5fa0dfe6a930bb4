/* Calls that other threads ask the loop for. One list under one lock; taken whole, run in order. */
#include "host/loop/internal.h"

#include <stdlib.h>

struct jmh_post {
    struct jmh_post *next;
    void (*fn)(void *user);
    void *user;
};

bool jmh_loop_post(struct jmh_loop *loop, void (*fn)(void *user), void *user)
{
    struct jmh_post *post = malloc(sizeof *post);
    if (post == NULL) {
        return false;
    }
    *post = (struct jmh_post){NULL, fn, user};
    (void)pthread_mutex_lock(&loop->post_lock);
    *loop->posts_end = post;
    loop->posts_end = &post->next;
    (void)pthread_mutex_unlock(&loop->post_lock);
    (void)uv_async_send(&loop->posted);
    return true;
}

static struct jmh_post *take_all(struct jmh_loop *loop)
{
    (void)pthread_mutex_lock(&loop->post_lock);
    struct jmh_post *posts = loop->posts;
    loop->posts = NULL;
    loop->posts_end = &loop->posts;
    (void)pthread_mutex_unlock(&loop->post_lock);
    return posts;
}

void jmh_posts_run(struct jmh_loop *loop)
{
    for (struct jmh_post *post = take_all(loop), *next; post != NULL; post = next) {
        next = post->next;
        post->fn(post->user);
        free(post);
    }
}

void jmh_posts_drop(struct jmh_loop *loop)
{
    for (struct jmh_post *post = take_all(loop), *next; post != NULL; post = next) {
        next = post->next;
        free(post);
    }
}
