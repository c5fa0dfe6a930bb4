/* The one object of the plugin: the host, and the extensions that its files work with.
 *
 * Owned by plugin.c; everything in this folder runs on the loop thread. */
#ifndef CATALOG_CORE_H
#define CATALOG_CORE_H

#include <junmai/ext/clock.h>
#include <junmai/ext/error.h>
#include <junmai/ext/event.h>
#include <junmai/ext/http.h>
#include <junmai/ext/service.h>
#include <junmai/ext/store.h>
#include <junmai/plugin.h>
#include <junmai/sdk/log.h>

struct catalog {
    jm_plugin plugin;
    const jm_host *host;
    const jm_host_clock *clock;
    const jm_host_error *error;
    const jm_host_event *event;
    const jm_host_http *http;
    const jm_host_service *service;
    const jm_host_store *store;
};

/* Set the sentence of a failure; is the status. */
#define catalog_fail(catalog, ...) jm_fail((catalog)->error, (catalog)->host, __VA_ARGS__)

#endif
