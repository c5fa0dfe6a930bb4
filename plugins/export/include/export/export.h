/* junmai.export/1 - exports that other plugins ask for.
 *
 * Provided by the plugin export. All functions are [loop & active]; `export_data` is the slot's
 * provider_data; they take part in the caller's turn.
 * A negative status: JM_ENOENT (no such photograph or job), JM_EINVAL, or what the store said;
 * last_error() has the sentence. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <junmai/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EXPORT_SERVICE "junmai.export/1"

/* One JSON document, borrowed for the call. */
typedef void (*export_sink_fn)(void *user, jm_span json);

typedef struct export_service {
    uint32_t size;
    /* The sentence behind the last negative status, borrowed until the next call. */
    jm_span (*last_error)(void *export_data);
    /* Export a photograph with every enabled preset; the sink gets a JSON array of XJOB of the wire
     * contract, which is empty when no preset is enabled. */
    jm_status (*trigger)(void *export_data, int64_t photo, export_sink_fn sink, void *user);
    /* Export it with the presets of that JSON array of names; unknown names are left out. */
    jm_status (*export_with)(void *export_data, int64_t photo, jm_span names_json,
                             export_sink_fn sink, void *user);
    /* {"total_exported", "exported_since"}: finished exports in all, and those that ended at or
     * after `since` (UTC with milliseconds and Z). */
    jm_status (*count)(void *export_data, jm_span since, export_sink_fn sink, void *user);
} export_service;

#ifdef __cplusplus
}
#endif
#endif
