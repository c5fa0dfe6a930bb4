/* One loaded plugin: image, manifest, instance, state, registrations.
 *
 * [loop] */
#ifndef JMH_PLUGIN_PLUGIN_H
#define JMH_PLUGIN_PLUGIN_H

#include "host/config/config.h"
#include "host/plugin/manifest.h"
#include "host/plugin/regset.h"

#include <junmai/ext/service.h>
#include <junmai/ext/store.h>
#include <junmai/plugin.h>

struct jmh_host;
struct jmh_image;

enum jmh_plugin_state {
    JMH_PLUGIN_FOUND,    /* its manifest was read */
    JMH_PLUGIN_DISABLED, /* by the configuration */
    JMH_PLUGIN_REFUSED,  /* could not be loaded or started: see `reason` */
    JMH_PLUGIN_LOADED,
    JMH_PLUGIN_INITED,
    JMH_PLUGIN_ACTIVE,
    JMH_PLUGIN_DRAINING, /* drain() was called: what has begun may end */
    JMH_PLUGIN_ENDING,   /* what has not ended is being ended: nothing may begin */
    JMH_PLUGIN_ENDED,
};

struct jmh_plugin {
    struct jmh_host *host;
    struct jmh_manifest manifest;
    char *name;        /* the manifest's */
    char *object_path; /* absolute */
    char *task_path;   /* absolute; NULL where it has no tasks */
    enum jmh_plugin_state state;
    struct jmh_err reason; /* why it was refused, or is disabled */
    bool misconfigured;    /* it was refused for the operator's file: `reason` names the option */
    struct jmh_image *image;
    jm_host host_api; /* what the plugin gets; host_data is this struct */
    const jm_entry *entry;
    const jm_plugin *instance;
    struct jmh_regset *registrations;
    struct jmh_plugin_options *options;
    const jm_option *option_table; /* as declared, for --print-config */
    size_t option_count;
    const jm_migration *migrations;
    size_t migration_count;
    struct jmh_err last_error;     /* junmai.error/1 */
    struct jmh_lease_list *leases; /* plugin/lease.h */
    bool stuck;                    /* work of it does not end: it is not destroyed */
    uint64_t generation;           /* counts its instances */
};

/* The plugin behind a host pointer that it passed. */
static inline struct jmh_plugin *jmh_plugin_of(const jm_host *host)
{
    return host->host_data;
}
const char *jmh_plugin_state_name(enum jmh_plugin_state state);

/* Every callback into a plugin goes through this pair: it keeps who is running (for the watchdog, the
 * log and a crash report) and opens and closes the call of the turn. */
void jmh_plugin_enter(struct jmh_plugin *plugin, const char *callback);
jm_status jmh_plugin_leave(struct jmh_plugin *plugin, jm_status status);

#endif
