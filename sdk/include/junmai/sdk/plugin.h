/* The entry file of a plugin without its boilerplate: all extensions of a host of version 1 in one
 * struct, and the entry in one line.
 *
 *   struct tally { jm_plugin plugin; JM_API_MEMBERS; … };
 *   jm_api_find(&tally->api, tally->host);        first in init(); create() has set host
 *   JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);    at the end of the file */
#ifndef JUNMAI_SDK_PLUGIN_H
#define JUNMAI_SDK_PLUGIN_H

#include <junmai/ext/client.h>
#include <junmai/ext/clock.h>
#include <junmai/ext/config.h>
#include <junmai/ext/error.h>
#include <junmai/ext/event.h>
#include <junmai/ext/fd.h>
#include <junmai/ext/http.h>
#include <junmai/ext/log.h>
#include <junmai/ext/message.h>
#include <junmai/ext/metric.h>
#include <junmai/ext/service.h>
#include <junmai/ext/store.h>
#include <junmai/ext/task.h>
#include <junmai/ext/timer.h>
#include <junmai/ext/work.h>
#include <junmai/plugin.h>

#define JM_API_FIELDS               \
    const jm_host *host;            \
    const jm_host_client *client;   \
    const jm_host_clock *clock;     \
    const jm_host_config *config;   \
    const jm_host_error *error;     \
    const jm_host_event *event;     \
    const jm_host_fd *fd;           \
    const jm_host_http *http;       \
    const jm_host_log *log;         \
    const jm_host_message *message; \
    const jm_host_metric *metric;   \
    const jm_host_service *service; \
    const jm_host_store *store;     \
    const jm_host_task *task;       \
    const jm_host_timer *timer;     \
    const jm_host_work *work;

/* Every host of major version 1 has all of these. Valid until destroy() has returned. */
typedef struct jm_api {
    JM_API_FIELDS
} jm_api;

/* In a plugin's own struct: `api`, and each of its fields by its own name, `host`, `clock`, … [C11] */
#define JM_API_MEMBERS    \
    union {               \
        jm_api api;       \
        struct {          \
            JM_API_FIELDS \
        };                \
    }

/* Look the extensions up; from init() on, where the host may be called. [loop] */
static inline void jm_api_find(jm_api *api, const jm_host *host)
{
    api->host = host;
    api->client = (const jm_host_client *)host->get_extension(host, JM_EXT_CLIENT);
    api->clock = (const jm_host_clock *)host->get_extension(host, JM_EXT_CLOCK);
    api->config = (const jm_host_config *)host->get_extension(host, JM_EXT_CONFIG);
    api->error = (const jm_host_error *)host->get_extension(host, JM_EXT_ERROR);
    api->event = (const jm_host_event *)host->get_extension(host, JM_EXT_EVENT);
    api->fd = (const jm_host_fd *)host->get_extension(host, JM_EXT_FD);
    api->http = (const jm_host_http *)host->get_extension(host, JM_EXT_HTTP);
    api->log = (const jm_host_log *)host->get_extension(host, JM_EXT_LOG);
    api->message = (const jm_host_message *)host->get_extension(host, JM_EXT_MESSAGE);
    api->metric = (const jm_host_metric *)host->get_extension(host, JM_EXT_METRIC);
    api->service = (const jm_host_service *)host->get_extension(host, JM_EXT_SERVICE);
    api->store = (const jm_host_store *)host->get_extension(host, JM_EXT_STORE);
    api->task = (const jm_host_task *)host->get_extension(host, JM_EXT_TASK);
    api->timer = (const jm_host_timer *)host->get_extension(host, JM_EXT_TIMER);
    api->work = (const jm_host_work *)host->get_extension(host, JM_EXT_WORK);
}

/* The one symbol that a plugin exports. `manifest_text` is JM_MANIFEST_TEXT of NAME_manifest.h. */
#define JM_DEFINE_ENTRY(manifest_text, create_fn) \
    JM_EXPORT const jm_entry JM_ENTRY = {         \
        .magic = JM_ABI_MAGIC,                    \
        .size = sizeof(jm_entry),                 \
        .abi_major = JM_ABI_MAJOR,                \
        .abi_minor = JM_ABI_MINOR,                \
        .manifest = (manifest_text),              \
        .create = (create_fn),                    \
    }

#endif
