/* The queue of photographs: asked of the catalog each time, kept nowhere. */
#include "waiting.h"

#include "photo.h"

static jm_status ask(const struct approval_core *core, json_t *query_take, json_t **found_out)
{
    const catalog_service *catalog;
    jm_span query = jm_json_dump(query_take);
    json_decref(query_take);
    *found_out = NULL;
    jm_status status = jm_span_absent(query) ? JM_ENOMEM : approval_catalog(core, &catalog);
    if (status == JM_OK)
        status =
            approval_catalog_result(core, catalog->query_photos(core->catalog->provider_data, query,
                                                                approval_take_json, found_out));
    free((char *)query.ptr);
    return status == JM_OK && *found_out == NULL ? JM_ENOMEM : status;
}

static int64_t total_of(const json_t *found)
{
    return json_integer_value(json_object_get(found, "total"));
}

jm_status approval_waiting_count(const struct approval_core *core, int64_t *count_out)
{
    json_t *found;
    jm_status status =
        ask(core, json_pack("{s:s, s:b, s:i}", "status", "completed", "approved", 0, "limit", 0),
            &found);
    *count_out = total_of(found);
    json_decref(found);
    return status;
}

/* The desktop program reads these with a default for an absent key only, and breaks on null. */
static void fill_null(json_t *item, const char *key, json_t *value_take)
{
    if (json_is_null(json_object_get(item, key)))
        json_object_set_new(item, key, value_take);
    else
        json_decref(value_take);
}

static jm_status shape(json_t *item, const char *scheme, jm_span authority)
{
    static const char *const numbers[] = {"ai_score", "focus_score", "exposure_score",
                                          "composition_score"};
    static const char *const texts[] = {"subject_type", "context_tag", "selected_preset"};
    for (size_t i = 0; i < JM_COUNT(numbers); i++)
        fill_null(item, numbers[i], json_integer(0));
    for (size_t i = 0; i < JM_COUNT(texts); i++)
        fill_null(item, texts[i], json_string(""));
    json_t *url =
        json_sprintf("%s://%.*s/api/photos/%lld/thumbnail", scheme, JM_SPAN_ARGS(authority),
                     (long long)json_integer_value(json_object_get(item, "id")));
    return json_object_set_new(item, "thumbnail_url", url) < 0 ? JM_ENOMEM : JM_OK;
}

/* A proxy in front that speaks TLS says so. The host has checked that the name is one of its own.
 * */
static jm_status shape_all(const struct approval_core *core, jm_id request, json_t *photos)
{
    const jm_host_http *http = core->api.http;
    jm_span authority;
    jm_span protocol;
    size_t i;
    json_t *item;
    jm_status status = JM_OK;
    if (http->get_header(core->api.host, request, "Host", &authority) < 0)
        authority = JM_SPAN("127.0.0.1");
    bool is_tls =
        http->get_header(core->api.host, request, "X-Forwarded-Proto", &protocol) == JM_OK &&
        jm_span_is(protocol, "https");
    json_array_foreach(photos, i, item)
    {
        if (status == JM_OK)
            status = shape(item, is_tls ? "https" : "http", authority);
    }
    return status;
}

jm_status approval_waiting_page(const struct approval_core *core, jm_id request,
                                const struct approval_page *page, json_t **photos_out,
                                int64_t *total_out)
{
    json_t *found;
    json_t *query = json_pack("{s:s, s:b, s:s, s:s, s:I, s:I}", "status", "completed", "approved",
                              0, "sort", page->sort, "order", "desc", "limit",
                              (json_int_t)page->limit, "offset", (json_int_t)page->offset);
    if (page->session != 0)
        json_object_set_new(query, "session_id", json_integer(page->session));
    if (page->min_score > 0)
        json_object_set_new(query, "min_score", json_real(page->min_score));
    jm_status status = ask(core, query, &found);
    if (status == JM_OK)
        status = shape_all(core, request, json_object_get(found, "photos"));
    if (status == JM_OK) {
        *photos_out = json_incref(json_object_get(found, "photos"));
        *total_out = total_of(found);
    }
    json_decref(found);
    return status;
}
