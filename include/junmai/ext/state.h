/* junmai.state/1 - what a plugin keeps over a reload or a restart, beside its tables.
 *
 * The plugin offers this table by its own get_extension(). The host calls save() after drain() and
 * keeps the bytes; the next instance, of this or of a newer build, gets them by load() before
 * activate(). Anything that must survive a crash belongs in the store (ext/store.h) instead. */
#ifndef JUNMAI_EXT_STATE_H
#define JUNMAI_EXT_STATE_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_STATE "junmai.state/1"

/* Takes the state's bytes, copied; call it once, during save(). At most 3 MiB. [loop] */
typedef jm_status (*jm_state_sink_fn)(void *sink_data, jm_span bytes);

typedef struct jm_plugin_state {
    uint32_t size;
    int32_t version;   /* of the bytes that save() writes; from 1 */
    int32_t oldest;    /* the oldest version that load() reads */
    uint32_t reserved; /* 0 */
    /* Hand the state to sink(sink_data, bytes). [loop & draining] */
    jm_status (*save)(const jm_plugin *plugin, jm_state_sink_fn sink, void *sink_data);
    /* Take over the state of `version`, from oldest to version. [loop & inited] */
    jm_status (*load)(const jm_plugin *plugin, int32_t version, jm_span bytes);
} jm_plugin_state;

#ifdef __cplusplus
}
#endif
#endif
