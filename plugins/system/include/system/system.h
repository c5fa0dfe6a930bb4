/* junmai.settings/1 - the studio's document (CONFIG of the wire contract), as plugins read it.
 *
 * Provided by the plugin system, which keeps it in the store and answers the routes /config. It is
 * whole and valid at any time, and a change is effective at once: read a value when it is needed.
 * Where the operator's file (junmai.json) names the same thing, this document wins.
 * All functions are [loop & active]; `settings` is the slot's provider_data. */
#ifndef SYSTEM_SYSTEM_H
#define SYSTEM_SYSTEM_H

#include <junmai/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SETTINGS_SERVICE "junmai.settings/1"

/* One JSON value, borrowed for the call. */
typedef void (*settings_sink_fn)(void *user, jm_span json);

typedef struct settings_service {
    uint32_t size;
    /* The sentence behind the last negative status, borrowed until the next call. */
    jm_span (*last_error)(void *settings);
    /* Grows with each change of the document: what a reader may compare instead of reading. */
    uint64_t (*revision)(void *settings);
    /* The value at a JSON pointer ("/processing/auto_export", "" for all), as JSON text. JM_ENOENT
     * where there is none. */
    jm_status (*get)(void *settings, jm_span pointer, settings_sink_fn sink, void *user);
    /* Set the value at a JSON pointer. JM_EINVAL when the document would not be valid. */
    jm_status (*set)(void *settings, jm_span pointer, jm_span json);
} settings_service;

#ifdef __cplusplus
}
#endif
#endif
