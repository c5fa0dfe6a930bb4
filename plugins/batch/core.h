/* The one object of the plugin: the host, the services that it works with, and the batches that it
 * watches. All that must survive is in the store; what is here may be forgotten.
 *
 * Owned by plugin.c; everything in this folder runs on the loop thread. */
#ifndef BATCH_CORE_H
#define BATCH_CORE_H

#include <catalog/catalog.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/store.h>
#include <queue/queue.h>
#include <stdbool.h>

#define BATCH_ID_SIZE 19 /* "batch_", 12 hex digits and NUL */

struct watch; /* follow.c */

struct batch_core {
    jm_plugin plugin;
    jm_api api;
    const jm_service_slot *queue;
    const jm_service_slot *catalog;
    jm_id listener;     /* at the queue; 0: none */
    jm_id feed_timer;   /* 0: no photograph waits for its job */
    jm_id follow_timer; /* 0: no batch has changed */
    struct watch *watches;
    size_t watch_count, watch_capacity;
};

/* Set the sentence of a failure; is the status. */
#define batch_fail(core, ...) jm_fail((core)->api.error, (core)->api.host, __VA_ARGS__)

/* A failure of a service, with its sentence. */
#define batch_fail_as(core, status, sentence) \
    batch_fail(core, status, "%.*s", JM_SPAN_ARGS(sentence))

/* Run a statement; `row` may be NULL. */
static inline jm_status batch_sql(const struct batch_core *core, const char *sql,
                                  const jm_value *args, size_t count, jm_row_fn row, void *user)
{
    return core->api.store->exec(core->api.host, sql, args, count, row, user, NULL);
}

static inline int64_t batch_now_ms(const struct batch_core *core)
{
    return core->api.clock->utc_ms(core->api.host);
}

#endif
