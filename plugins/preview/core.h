/* The one object of the plugin: the host, its extensions, the options, and what is under way.
 *
 * Owned by plugin.c; loop thread, but for `options` and `folder`, which nobody changes after init. */
#ifndef PREVIEW_CORE_H
#define PREVIEW_CORE_H

#include "metrics.h"
#include "options.h"

#include <catalog/catalog.h>
#include <junmai/ext/client.h>
#include <junmai/ext/clock.h>
#include <junmai/ext/config.h>
#include <junmai/ext/error.h>
#include <junmai/ext/event.h>
#include <junmai/ext/http.h>
#include <junmai/ext/log.h>
#include <junmai/ext/metric.h>
#include <junmai/ext/service.h>
#include <junmai/ext/store.h>
#include <junmai/ext/task.h>
#include <junmai/ext/timer.h>
#include <junmai/ext/work.h>
#include <junmai/sdk/log.h>
#include <stdbool.h>

struct preview_core {
    jm_plugin plugin;
    const jm_host *host;
    const jm_host_client *client;
    const jm_host_clock *clock;
    const jm_host_config *config;
    const jm_host_error *error;
    const jm_host_event *event;
    const jm_host_http *http;
    const jm_host_log *log;
    const jm_host_metric *metric;
    const jm_host_service *service;
    const jm_host_store *store;
    const jm_host_task *task;
    const jm_host_timer *timer;
    const jm_host_work *work;
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
