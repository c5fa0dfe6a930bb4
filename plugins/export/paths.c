/* Promised paths, a list under a lock: there are as many as jobs that run. */
#include "paths.h"

#include <stdlib.h>
#include <string.h>

struct export_promise {
    struct export_promise *next;
    char *path;
    char *job;
};

static void promise_free(struct export_promise *promise)
{
    free(promise->path);
    free(promise->job);
    free(promise);
}

void export_paths_init(struct export_paths *paths)
{
    pthread_mutex_init(&paths->lock, NULL);
    paths->first = NULL;
}

void export_paths_fini(struct export_paths *paths)
{
    while (paths->first != NULL) {
        struct export_promise *promise = paths->first;
        paths->first = promise->next;
        promise_free(promise);
    }
    pthread_mutex_destroy(&paths->lock);
}

static struct export_promise *promise_new(const char *path, const char *job)
{
    struct export_promise *promise = calloc(1, sizeof *promise);
    if (promise == NULL)
        return NULL;
    promise->path = strdup(path);
    promise->job = strdup(job);
    if (promise->path != NULL && promise->job != NULL)
        return promise;
    promise_free(promise);
    return NULL;
}

bool export_paths_take(struct export_paths *paths, const char *path, const char *job)
{
    struct export_promise *mine = promise_new(path, job);
    if (mine == NULL)
        return false;
    pthread_mutex_lock(&paths->lock);
    const struct export_promise *other = paths->first;
    while (other != NULL && (strcmp(other->path, path) != 0 || strcmp(other->job, job) == 0))
        other = other->next;
    if (other == NULL) {
        mine->next = paths->first;
        paths->first = mine;
    }
    pthread_mutex_unlock(&paths->lock);
    if (other != NULL)
        promise_free(mine);
    return other == NULL;
}

void export_paths_give(struct export_paths *paths, const char *job)
{
    pthread_mutex_lock(&paths->lock);
    for (struct export_promise **link = &paths->first; *link != NULL;) {
        struct export_promise *promise = *link;
        if (strcmp(promise->job, job) == 0) {
            *link = promise->next;
            promise_free(promise);
        } else {
            link = &promise->next;
        }
    }
    pthread_mutex_unlock(&paths->lock);
}
