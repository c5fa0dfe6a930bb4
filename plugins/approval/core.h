/* The one object of the plugin: the host, and the services that it works with. All else that it
 * knows is in the store.
 *
 * Owned by plugin.c; everything in this folder runs on the loop thread. */
#ifndef APPROVAL_CORE_H
#define APPROVAL_CORE_H

#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/store.h>

struct approval_core {
    jm_plugin plugin;
    jm_api api;
    const jm_service_slot *catalog;
    const jm_service_slot *queue; /* its table is NULL without that plugin, and so below */
    const jm_service_slot *exports;
    const jm_service_slot *settings;
    jm_id listener;            /* of jobs, at the queue; 0: none */
    uint64_t heard_generation; /* of the queue that it listens to; 0: none */
    jm_id tell_timer;          /* 0: there is nothing to tell */
    jm_id sweep_timer;
    int64_t swept_session; /* up to which sessions were looked at in this round */
};

/* Set the sentence of a failure; is the status. */
#define approval_fail(core, ...) jm_fail((core)->api.error, (core)->api.host, __VA_ARGS__)

/* A failure of a service, with its sentence. */
#define approval_fail_as(core, status, sentence) \
    approval_fail(core, status, "%.*s", JM_SPAN_ARGS(sentence))

/* Run a statement; `row` may be NULL. */
static inline jm_status approval_sql(const struct approval_core *core, const char *sql,
                                     const jm_value *args, size_t count, jm_row_fn row, void *user)
{
    return core->api.store->exec(core->api.host, sql, args, count, row, user, NULL);
}

#endif
