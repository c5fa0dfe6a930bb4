/* The one object of the plugin: the host, and the extensions that its files work with.
 *
 * Owned by plugin.c; everything in this folder runs on the loop thread. */
#ifndef CATALOG_CORE_H
#define CATALOG_CORE_H

#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>

struct catalog_waiter; /* deletion.h */

struct catalog {
    jm_plugin plugin;
    JM_API_MEMBERS;
    const jm_service_slot *exports; /* junmai.export/1; its table is NULL without that plugin */
    jm_id deletion_timer;           /* 0: nothing waits to be deleted */
    struct catalog_waiter *deletion_waiters;
};

/* Set the sentence of a failure; is the status. */
#define catalog_fail(catalog, ...) jm_fail((catalog)->error, (catalog)->host, __VA_ARGS__)

#endif
