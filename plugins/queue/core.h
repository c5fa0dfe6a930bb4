/* The one object of the plugin: the host, the options, who does and who hears of jobs, and what the
 * next turn has to do. All that must survive is in the store; what is here may be forgotten.
 *
 * Owned by plugin.c; everything in this folder runs on the loop thread. */
#ifndef QUEUE_CORE_H
#define QUEUE_CORE_H

#include "options.h"

#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/store.h>
#include <queue/queue.h>

#define QUEUE_LEASE_SIZE 64 /* the text of a lease, with its NUL; ids.h */

struct registry; /* registry.h */
struct waiter;   /* waiting.h */
struct slices;   /* slices.h */

struct queue {
    jm_plugin plugin;
    jm_api api;
    const jm_service_slot *catalog;
    const jm_service_slot *settings;
    struct queue_options options;
    struct registry *registry;
    struct slices *slices;  /* requests that are being done; slices.h */
    struct waiter *waiters; /* requests that wait for a job; waiting.c */
    char process[64];       /* which process the host is; ids.c */
    int64_t last_id_ms;     /* these two: ids.c */
    uint32_t last_id_number;
    jm_id tick; /* these two: timers of plugin.c */
    jm_id feed_tick;
    bool active;       /* between activate() and drain() */
    bool armed;        /* something is to be done once the turn is committed; after.c */
    bool counts_dirty; /* queue_status is due */
    bool failed;       /* the last turn of the queue was taken back; after.c */
};

/* Set the sentence of a failure; is the status. */
#define queue_fail(q, ...) jm_fail((q)->api.error, (q)->api.host, __VA_ARGS__)
#define queue_log(q, ...) jm_log_format((q)->api.log, (q)->api.host, __VA_ARGS__)

/* Run a statement whose rows `row` takes. */
static inline jm_status queue_select(const struct queue *q, const char *sql, const jm_value *args,
                                     size_t count, jm_row_fn row, void *user)
{
    return q->api.store->exec(q->api.host, sql, args, count, row, user, NULL);
}

/* Run a statement without rows; `changes_out` may be NULL. */
static inline jm_status queue_write(const struct queue *q, const char *sql, const jm_value *args,
                                    size_t count, int64_t *changes_out)
{
    jm_exec_result result = {0};
    jm_status status = q->api.store->exec(q->api.host, sql, args, count, NULL, NULL, &result);
    if (changes_out != NULL)
        *changes_out = result.changes;
    return status;
}

static inline int64_t queue_now_ms(const struct queue *q)
{
    return q->api.clock->utc_ms(q->api.host);
}

#endif
