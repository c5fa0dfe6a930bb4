/* The one object of the plugin: the host, the options, and what is kept in memory.
 *
 * Owned by plugin.c; everything in this folder runs on the loop thread, but for what says so. */
#ifndef SYSTEM_CORE_H
#define SYSTEM_CORE_H

#include "monitor.h"
#include "options.h"

#include <catalog/catalog.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/store.h>
#include <queue/queue.h>

struct system_core {
    jm_plugin plugin;
    const jm_host *host;
    jm_api api;
    struct system_options options;
    const jm_service_slot *catalog_slot; /* its table is NULL while the plugin is away */
    const jm_service_slot *queue_slot;
    uint64_t revision; /* the last that was given to a document; settings.c */
    struct monitor monitor;
    jm_id listen_timer; /* plugin.c */
    bool active;        /* between activate() and drain() */
};

/* Set the sentence of a failure; is the status. */
#define system_fail(core, ...) jm_fail((core)->api.error, (core)->host, __VA_ARGS__)

/* Answer a request with a document. */
static inline jm_status system_respond(const struct system_core *core, jm_id request,
                                       int32_t http_status, json_t *json_take)
{
    return jm_json_respond(core->api.http, core->host, request, http_status, json_take);
}

/* Run a statement; its rows, if any, go to `row`. */
static inline jm_status system_exec(const struct system_core *core, const char *sql,
                                    const jm_value *args, size_t arg_count, jm_row_fn row,
                                    void *user)
{
    return core->api.store->exec(core->host, sql, args, arg_count, row, user, NULL);
}

#endif
