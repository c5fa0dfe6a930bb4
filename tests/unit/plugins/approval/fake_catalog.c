/* See fake_catalog.h. */
#include "fake_catalog.h"

#include <junmai/sdk/span.h>

void fake_catalog_init(struct fake_catalog *catalog)
{
    *catalog = (struct fake_catalog){.sentence = ""};
    for (int id = 1; id <= FAKE_PHOTOS; id++)
        catalog->photos[id] =
            json_pack("{s:i, s:o, s:s, s:b, s:n, s:n, s:n}", "id", id, "session_id",
                      id % 2 == 1 ? json_integer(FAKE_SESSION) : json_null(), "status", "completed",
                      "approved", 0, "approved_at", "rejection_reason", "selected_preset");
}

void fake_catalog_fini(struct fake_catalog *catalog)
{
    for (int id = 1; id <= FAKE_PHOTOS; id++)
        json_decref(catalog->photos[id]);
}

static jm_span last_error(void *user)
{
    const struct fake_catalog *catalog = user;
    return jm_span_of(catalog->sentence);
}

static jm_status missing(struct fake_catalog *catalog, const char *sentence)
{
    catalog->sentence = sentence;
    return JM_ENOENT;
}

static json_t *find(const struct fake_catalog *catalog, int64_t id)
{
    return id >= 1 && id <= FAKE_PHOTOS ? catalog->photos[id] : NULL;
}

static void give(const json_t *json, catalog_sink_fn sink, void *user)
{
    char *text = json_dumps(json, JSON_COMPACT);
    sink(user, jm_span_of(text));
    free(text);
}

static jm_status get_photo(void *user, int64_t id, catalog_sink_fn sink, void *sink_user)
{
    const json_t *photo = find(user, id);
    if (photo == NULL)
        return missing(user, "Photo not found");
    give(photo, sink, sink_user);
    return JM_OK;
}

static bool has_status(const json_t *photo, const char *status)
{
    return strcmp(json_string_value(json_object_get(photo, "status")), status) == 0;
}

static jm_status update_photo(void *user, int64_t id, jm_span json)
{
    json_t *photo = find(user, id);
    if (photo == NULL)
        return missing(user, "Photo not found");
    json_t *changes = json_loadb(json.ptr, json.len, 0, NULL);
    json_object_update(photo, changes);
    json_decref(changes);
    if (has_status(photo, "rejected"))
        json_object_set_new(photo, "approved", json_false());
    else
        json_object_set_new(photo, "rejection_reason", json_null());
    json_object_set_new(photo, "approved_at",
                        json_is_true(json_object_get(photo, "approved"))
                            ? json_string("2025-11-09T12:34:56.789Z")
                            : json_null());
    return JM_OK;
}

/* Only the total is asked for. */
static jm_status query_photos(void *user, jm_span query_json, catalog_sink_fn sink, void *sink_user)
{
    const struct fake_catalog *catalog = user;
    int total = 0;
    (void)query_json;
    for (int id = 1; id <= FAKE_PHOTOS; id++)
        total += has_status(catalog->photos[id], "completed") &&
                 json_is_false(json_object_get(catalog->photos[id], "approved"));
    json_t *found = json_pack("{s:[], s:i}", "photos", "total", total);
    give(found, sink, sink_user);
    json_decref(found);
    return JM_OK;
}

static jm_status get_session(void *user, int64_t session, catalog_sink_fn sink, void *sink_user)
{
    struct fake_catalog *catalog = user;
    if (session != FAKE_SESSION || catalog->session_gone)
        return missing(catalog, "Session not found");
    sink(sink_user, JM_SPAN("{}"));
    return JM_OK;
}

const catalog_service fake_catalog_table = {
    .size = sizeof(catalog_service),
    .last_error = last_error,
    .get_session = get_session,
    .get_photo = get_photo,
    .update_photo = update_photo,
    .query_photos = query_photos,
};
