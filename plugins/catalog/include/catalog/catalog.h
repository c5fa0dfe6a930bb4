/* junmai.catalog/1 - sessions and photographs, as other plugins reach them.
 *
 * Provided by the plugin catalog. Every change that is made here is announced by catalog itself on
 * the channels `photos` and `sessions`, whichever plugin or route asked for it. All functions are
 * [loop & active]; `catalog` is the slot's provider_data; they take part in the caller's turn, so
 * that a handler that fails takes its photographs back too.
 * A negative status: JM_ENOENT (no such session or photograph), JM_EEXIST, JM_EINVAL, or what the
 * store said; last_error() has the sentence. */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <junmai/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CATALOG_SERVICE "junmai.catalog/1"

/* One JSON document, borrowed for the call. */
typedef void (*catalog_sink_fn)(void *user, jm_span json);

typedef struct catalog_service {
    uint32_t size;
    /* The sentence behind the last negative status, borrowed until the next call. */
    jm_span (*last_error)(void *catalog);
    /* Find the session of that name and folder, or make it; *created_out is 1 when it is new, and
     * session_created is published only then. */
    jm_status (*open_session)(void *catalog, jm_span name, jm_span import_folder,
                              int64_t *session_out, int32_t *created_out);
    /* The session as JSON (SESSION of the wire contract). */
    jm_status (*get_session)(void *catalog, int64_t session, catalog_sink_fn sink, void *user);
    /* A JSON array of SESSION, newest first; status may be absent. */
    jm_status (*list_sessions)(void *catalog, jm_span status, int64_t limit, catalog_sink_fn sink,
                               void *user);
    /* Add a photograph: a JSON object with file_path, file_name, file_size, content_hash (64 hex
     * digits of SHA-256, unique) and any of session_id, source_path, camera_make, camera_model,
     * lens, focal_length, aperture, shutter_speed, iso, capture_time, width, height, orientation,
     * gps_lat, gps_lon, rating, warnings (array of text), metadata (object of further fields).
     * Publishes photo_imported, and session_updated when it has a session.
     * JM_EEXIST when the content is already there. */
    jm_status (*add_photo)(void *catalog, jm_span json, int64_t *photo_out);
    /* The photograph with that content, as its original or its rendition. */
    jm_status (*find_content)(void *catalog, jm_span content_hash, int64_t *photo_out);
    /* The photograph one of whose files (or sources) has that absolute path. */
    jm_status (*find_path)(void *catalog, jm_span path, int64_t *photo_out);
    /* Record that the same content was also found at `path`; idempotent. */
    jm_status (*add_source)(void *catalog, int64_t photo, jm_span path);
    /* The photograph as JSON (PHOTO of the wire contract). */
    jm_status (*get_photo)(void *catalog, int64_t photo, catalog_sink_fn sink, void *user);
    /* A JSON array of PHOTO, newest import first; session 0 and an absent status mean any. */
    jm_status (*list_photos)(void *catalog, int64_t session, jm_span status, int64_t limit,
                             catalog_sink_fn sink, void *user);
    /* Change fields of a photograph: a JSON object with any of status, approved, rejection_reason,
     * context_tag, selected_preset, ai_score, focus_score, exposure_score, composition_score,
     * subject_type, detected_faces, rating. Publishes what the change means (photo_selected,
     * photo_analyzed, session_updated). */
    jm_status (*update_photo)(void *catalog, int64_t photo, jm_span json);
    /* {"total_photos","photos_by_status","total_sessions","sessions_by_status",
     * "recent_imports_24h"}. */
    jm_status (*get_stats)(void *catalog, catalog_sink_fn sink, void *user);
    /* What follows is there where `size` covers it. */
    /* Add a file that belongs to a photograph: a JSON object with role (rendition, sidecar, audio,
     * video, thumbnail), path, bytes, content_hash. add_photo() adds the original itself. A content
     * that is a photograph's original or rendition is found by find_content(), and the path of any
     * file by find_path(). JM_EEXIST when the path belongs to a photograph already. */
    jm_status (*add_file)(void *catalog, int64_t photo, jm_span json);
    /* A JSON array of {role, path, bytes, content_hash}, the original first. */
    jm_status (*list_files)(void *catalog, int64_t photo, catalog_sink_fn sink, void *user);
    /* Photographs that a JSON object describes: session_id, status, approved, min_score (of
     * ai_score), ids (array), sort (a field of PHOTO, default import_time), order (asc, desc), limit
     * (default 100, at most 10,000), offset. The sink gets {"photos":[PHOTO],"total":n}, total being
     * without limit and offset. */
    jm_status (*query_photos)(void *catalog, jm_span query_json, catalog_sink_fn sink, void *user);
    /* Change fields of a session: a JSON object with any of name, status. Publishes
     * session_updated. A session whose photographs are all completed or rejected becomes completed
     * by itself, and session_completed is published once. */
    jm_status (*update_session)(void *catalog, int64_t session, jm_span json);
} catalog_service;

#ifdef __cplusplus
}
#endif
#endif
