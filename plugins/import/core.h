/* The one object of the plugin: the host, its extensions, the options, and the imports that run.
 *
 * Owned by plugin.c; loop thread, but for `options`, which nobody changes after init. */
#ifndef IMPORT_CORE_H
#define IMPORT_CORE_H

#include "options.h"

#include <catalog/catalog.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <system/system.h>

struct import_core {
    jm_plugin plugin;
    JM_API_MEMBERS;
    const jm_service_slot *catalog_slot;
    const jm_service_slot *settings_slot;
    struct import_options options;
    struct one_import *imports; /* that run; one_import.c */
    struct hot *hot;            /* hot folders; hot.c */
    struct card *cards;         /* that are being imported; card.c */
    jm_id prune_timer;          /* of report_prune.c; 0: reports are kept */
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

/* The studio's document, NULL where there is none: the plugin system need not be there. */
static inline const settings_service *settings_of(const struct import_core *core)
{
    return core->settings_slot->table;
}

static inline void *settings_data(const struct import_core *core)
{
    return core->settings_slot->provider_data;
}

#endif
