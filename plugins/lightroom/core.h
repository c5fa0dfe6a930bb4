/* The one object of the plugin: the host, the services that it works with, and its pollers. What must
 * survive is the queue's; a poller that is forgotten introduces itself again.
 *
 * Owned by plugin.c; everything in this folder but task/ runs on the loop thread. */
#ifndef LIGHTROOM_CORE_H
#define LIGHTROOM_CORE_H

#include "notes.h"
#include "options.h"

#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/utc.h>
#include <queue/queue.h>
#include <stdbool.h>
#include <system/system.h>

#define LR_BUCKETS 1024
#define LR_KIND "develop"

struct lr_poller;

struct lr_core {
    jm_plugin plugin;
    jm_api api;
    struct lr_options options;
    const jm_service_slot *queue;
    const jm_service_slot *settings;
    uint64_t attached; /* generation of the queue that knows the executor; 0: none */
    jm_id executor;    /* 0: another plugin does develop jobs */
    jm_id sweep_timer;
    bool active; /* false while draining: nothing new begins */
    struct lr_poller *buckets[LR_BUCKETS];
    size_t poller_count;
    struct lr_notes notes;
};

/* Set the sentence of a failure; is the status. */
#define lr_fail(core, ...) jm_fail((core)->api.error, (core)->api.host, __VA_ARGS__)

static inline int64_t lr_now_ms(const struct lr_core *core)
{
    return core->api.clock->utc_ms(core->api.host);
}

#endif
