/* The one object of the plugin: the host, the services it uses, the options, and the runs.
 *
 * Owned by plugin.c; loop thread, but for `options`, which nobody changes after init, and `paths`,
 * which has a lock of its own. */
#ifndef EXPORT_CORE_H
#define EXPORT_CORE_H

#include "formats.h"
#include "options.h"
#include "paths.h"

#include <catalog/catalog.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/store.h>
#include <junmai/sdk/utc.h>
#include <queue/queue.h>

#define EXPORT_KIND_LOCAL "export"         /* jobs that this host renders */
#define EXPORT_KIND_REMOTE "export-remote" /* jobs that wait for a client to render them */
#define EXPORT_KINDS 2

struct export_core {
    jm_plugin plugin;
    jm_api api;
    const jm_service_slot *catalog_slot;
    const jm_service_slot *queue_slot;
    const jm_service_slot *settings_slot; /* its table may be NULL for ever */
    struct export_options options;
    struct export_formats formats;
    struct export_paths paths; /* that are promised to jobs */
    struct export_run *runs;   /* in the order in which they began; run.c */
    uint64_t attached;         /* generation of the queue that knows us, 0: none; attach.c */
    jm_id executor;            /* these two: attach.c */
    jm_id listeners[EXPORT_KINDS];
    jm_id tick_timer; /* these two: plugin.c */
    jm_id follow_timer;
    uint64_t mirrored_revision; /* of the studio's document; these two: mirror.c */
    bool has_mirrored;          /* the document has had our presets */
    bool pump_is_due;           /* run.c */
    bool has_recovered;         /* the paths of an earlier life are known; outputs.c */
    bool active;                /* between activate() and drain() */
};

/* Set the sentence of a failure; is the status. */
#define export_fail(core, ...) jm_fail((core)->api.error, (core)->api.host, __VA_ARGS__)
#define export_log(core, ...) jm_log_format((core)->api.log, (core)->api.host, __VA_ARGS__)

/* The services as they are now, NULL while they are away. */
static inline const catalog_service *export_catalog(const struct export_core *core)
{
    return core->catalog_slot->table;
}

static inline void *export_catalog_data(const struct export_core *core)
{
    return core->catalog_slot->provider_data;
}

static inline const queue_service *export_queue(const struct export_core *core)
{
    return core->queue_slot->table;
}

static inline void *export_queue_data(const struct export_core *core)
{
    return core->queue_slot->provider_data;
}

/* Run a statement; the arguments are an array. */
#define export_exec(core, sql, args, row, user, result)                                     \
    (core)->api.store->exec((core)->api.host, (sql), (args), JM_COUNT(args), (row), (user), \
                            (result))

#endif
