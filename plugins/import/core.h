/* The one object of the plugin: the host, its extensions, the options, and the imports that run.
 *
 * Owned by plugin.c; loop thread, but for `options`, which nobody changes after init. */
#ifndef IMPORT_CORE_H
#define IMPORT_CORE_H

#include "options.h"

#include <catalog/catalog.h>
#include <junmai/ext/clock.h>
#include <junmai/ext/config.h>
#include <junmai/ext/error.h>
#include <junmai/ext/event.h>
#include <junmai/ext/fd.h>
#include <junmai/ext/http.h>
#include <junmai/ext/log.h>
#include <junmai/ext/service.h>
#include <junmai/ext/store.h>
#include <junmai/ext/task.h>
#include <junmai/ext/timer.h>
#include <junmai/ext/work.h>
#include <junmai/sdk/log.h>

struct import_core {
    jm_plugin plugin;
    const jm_host *host;
    const jm_host_clock *clock;
    const jm_host_config *config;
    const jm_host_error *error;
    const jm_host_event *event;
    const jm_host_fd *fd;
    const jm_host_http *http;
    const jm_host_log *log;
    const jm_host_service *service;
    const jm_host_store *store;
    const jm_host_task *task;
    const jm_host_timer *timer;
    const jm_host_work *work;
    const jm_service_slot *catalog_slot;
    struct import_options options;
    struct one_import *imports; /* that run; one_import.c */
    struct hot *hot;            /* hot folders; hot.c */
    struct card *cards;         /* that are being imported; card.c */
    bool accepting;             /* between activate() and drain() */
};

/* Set the sentence of a failure; is the status. */
#define import_fail(core, ...) jm_fail((core)->error, (core)->host, __VA_ARGS__)

/* The catalog as it is now, NULL while it is away. Its functions take catalog_data(). */
static inline const catalog_service *catalog_of(const struct import_core *core)
{
    return core->catalog_slot->table;
}

static inline void *catalog_data(const struct import_core *core)
{
    return core->catalog_slot->provider_data;
}

#endif
