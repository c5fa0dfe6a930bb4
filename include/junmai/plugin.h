/* The root of the Junmai plugin ABI: what a plugin exports and what the host hands to it.
 *
 * A plugin is a shared object that exports exactly one symbol, the constant `junmai_plugin_entry`.
 * The host reads it before any code of the plugin runs, checks magic, size and version, then calls
 * create(). The three structs of this file never change. Everything else is an extension: a table
 * of functions that is asked for by its string id, as in host->get_extension(host, JM_EXT_HTTP).
 * A table that has been released never changes either; its successor has another id ("…/2").
 *
 * Life of a plugin, all on the loop thread:
 *
 *   create -> init -> activate -> drain -> destroy
 *                        ^          |
 *                        +--resume--+      (activate is called again: drain is undone)
 *
 *   loaded    create() has returned; init() is the first that may call the host.
 *   inited    init() registers channels, events, routes, options, services. Nothing is live: two
 *             generations of a plugin may be inited at once, so init takes nothing exclusive.
 *   active    between activate() and drain(): callbacks arrive; timers, watches and tasks may start.
 *   draining  after drain(): the plugin begins nothing new; what has begun may end, in further steps
 *             where it needs them. The host waits for its leases before it calls destroy(), and every
 *             completion has run by then.
 *
 * Callbacks of the host: everything that a plugin registers to be called while it is active (routes,
 * messages, timers, watches, completions). All of one turn of the loop are one transaction; each has
 * a savepoint of its own: one that returns a negative status has its writes to the store and its
 * events taken back, and nobody else's. What a service does on behalf of its caller, through its own
 * host pointer, belongs to the caller's savepoint. Answers to requests and messages to clients that a
 * callback gave stay, and leave with the turn. If the turn's commit fails (a full disk), no event of it
 * leaves and its requests are answered 503. activate() and drain() are callbacks too.
 *
 * A host of major version 1 always has the extensions error, log, clock, config, store, event, message,
 * http, client, service, timer, fd, work, task and metric: a plugin need not check these for NULL.
 *
 * Version 1.0. Changes:
 *   1.0  first version. */
#ifndef JUNMAI_PLUGIN_H
#define JUNMAI_PLUGIN_H

#include <junmai/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_ABI_MAGIC 0x4a4d5031u /* "JMP1": changes with the major version */
#define JM_ABI_MAJOR 1
#define JM_ABI_MINOR 0

/* The symbol that every plugin defines, as `const jm_entry JM_ENTRY = {...};` after JM_EXPORT. */
#define JM_ENTRY junmai_plugin_entry
#define JM_ENTRY_NAME "junmai_plugin_entry"

#if defined(_WIN32)
#define JM_EXPORT __declspec(dllexport)
#else
#define JM_EXPORT __attribute__((visibility("default")))
#endif

/* Flag of jm_entry: the plugin cannot be replaced while the host runs (a foreign runtime, foreign
 * threads); a new build is taken at the next start. */
#define JM_PLUGIN_PINNED 1u

typedef struct jm_host jm_host;
typedef struct jm_plugin jm_plugin;
typedef struct jm_entry jm_entry;

/* The host, as one plugin sees it. Each plugin has its own; it is how the host knows who calls.
 * Owned by the host; valid until destroy() has returned. */
struct jm_host {
    uint32_t size;      /* sizeof(jm_host) of the host */
    uint32_t abi_minor; /* JM_ABI_MINOR of the host */
    void *host_data;    /* the host's; a plugin must not touch it */
    /* The table of an extension, or NULL where this host has none of that id. The table is
     * constant and valid until destroy() has returned. `id` is a NUL-terminated string. From init()
     * on. [any] */
    const void *(*get_extension)(const jm_host *host, const char *id);
};

/* One instance of a plugin. Owned by the plugin, from create() until destroy() has returned. All
 * functions but get_extension are required. */
struct jm_plugin {
    uint32_t size;     /* sizeof(jm_plugin) of the plugin */
    uint32_t reserved; /* 0 */
    void *plugin_data; /* the plugin's; the host never looks at it */
    /* Register everything. On failure say why with junmai.error/1 and return a negative status:
     * nothing of what was registered remains. [loop & loaded] */
    jm_status (*init)(const jm_plugin *plugin);
    /* Live from here on: start timers, watches, work. Failure takes the plugin out of service.
     * Also called to undo drain(). [loop & (inited | draining)] */
    jm_status (*activate)(const jm_plugin *plugin);
    /* Start no new work; give back what is exclusive. May be undone by activate(). [loop & active] */
    jm_status (*drain)(const jm_plugin *plugin);
    /* Free everything; the host calls nothing of this instance afterwards. Called in every state
     * but active. [loop & !active] */
    void (*destroy)(const jm_plugin *plugin);
    /* A table that the plugin offers to the host, or NULL. The host asks for "junmai.state/1"
     * (ext/state.h). May be NULL where the plugin offers none. [any] */
    const void *(*get_extension)(const jm_plugin *plugin, const char *id);
};

/* What a plugin exports under the name JM_ENTRY. */
struct jm_entry {
    uint32_t magic;       /* JM_ABI_MAGIC */
    uint32_t size;        /* sizeof(jm_entry) */
    uint16_t abi_major;   /* JM_ABI_MAJOR */
    uint16_t abi_minor;   /* JM_ABI_MINOR */
    uint32_t flags;       /* JM_PLUGIN_* */
    const char *manifest; /* the text of manifest.json, NUL-terminated */
    /* A new instance, or NULL when out of memory. `host` is valid until destroy() has returned.
     * Must call nothing of the host. [loop] */
    const jm_plugin *(*create)(const jm_host *host);
};

#ifdef __cplusplus
}
#endif
#endif
