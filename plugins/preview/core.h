/* The one object of the plugin: the host, its extensions, the options, and what is under way.
 *
 * Owned by plugin.c; loop thread, but for `options` and `folder`, which nobody changes after init. */
#ifndef PREVIEW_CORE_H
#define PREVIEW_CORE_H

#include "metrics.h"
#include "options.h"

#include <catalog/catalog.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <stdbool.h>

struct preview_core {
    jm_plugin plugin;
    JM_API_MEMBERS;
    const jm_service_slot *catalog_slot;
    struct preview_options options;
    struct preview_metrics metrics;
    char *folder;         /* of the cache, absolute */
    int64_t cached_bytes; /* as preview_files says; cache.c */
    struct job *jobs;     /* under way; job.c */
    int64_t wanted_after; /* the photograph that background work has come to; wanted.c */
    jm_id listen_timer;   /* these two: plugin.c */
    jm_id retry_timer;
    unsigned sweep_shard; /* the folder that is being looked through; sweep.c */
    bool sweeping;
    bool active; /* between activate() and drain() */
};

/* Set the sentence of a failure; is the status. */
#define preview_fail(core, ...) jm_fail((core)->error, (core)->host, __VA_ARGS__)

/* Arguments and columns of statements. */
static inline jm_value value_int(int64_t integer)
{
    return (jm_value){.type = JM_VALUE_INT, .integer = integer};
}

static inline jm_value value_text(const char *text)
{
    return (jm_value){.type = JM_VALUE_TEXT, .bytes = jm_span_of(text)};
}

#endif
