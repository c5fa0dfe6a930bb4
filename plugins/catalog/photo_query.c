/* query_photos of the service: a JSON object read into a filter and a page. */
#include "photos.h"

#include "rows.h"
#include "status.h"

#define LIMIT_MAX 10000
#define IDS_MAX 10000

static jm_status check_names(const struct catalog *catalog, const json_t *query)
{
    static const char *const known[] = {"session_id", "status", "approved", "min_score", "ids",
                                        "sort",       "order",  "limit",    "offset"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)query, name, value)
    {
        size_t i = 0;
        while (i < JM_COUNT(known) && strcmp(name, known[i]) != 0)
            i++;
        if (i == JM_COUNT(known))
            return catalog_fail(catalog, JM_EINVAL, "%s is nothing that photographs are found by",
                                name);
    }
    return JM_OK;
}

/* The ids as text again, owned by the caller; absent where they are not given. */
static jm_status read_ids(const struct catalog *catalog, const jm_doc *doc, jm_span *ids_out)
{
    const json_t *ids = jm_doc_value(doc, "ids");
    if (ids == NULL)
        return JM_OK;
    if (!json_is_array(ids) || json_array_size(ids) > IDS_MAX)
        return catalog_fail(catalog, JM_EINVAL, "ids must be an array of at most %d integers",
                            IDS_MAX);
    for (size_t i = 0; i < json_array_size(ids); i++) {
        if (!json_is_integer(json_array_get(ids, i)))
            return catalog_fail(catalog, JM_EINVAL, "ids: number %zu is no integer", i + 1);
    }
    *ids_out = jm_json_dump(ids);
    return jm_span_absent(*ids_out) ? JM_ENOMEM : JM_OK;
}

static jm_status read_filter(const struct catalog *catalog, const jm_doc *doc,
                             struct catalog_photo_filter *filter)
{
    bool approved = false;
    jm_status status = jm_doc_int(doc, "session_id", false, &filter->session);
    if (status == JM_OK)
        status = jm_doc_text(doc, "status", false, &filter->status);
    if (status == JM_OK && !jm_span_absent(filter->status))
        status = catalog_status_check(catalog, filter->status, CATALOG_PHOTO_STATUSES);
    if (status == JM_OK)
        status = jm_doc_bool(doc, "approved", false, &approved);
    if (status == JM_OK && jm_doc_value(doc, "approved") != NULL)
        filter->approved = approved;
    if (status == JM_OK)
        status = jm_doc_number(doc, "min_score", false, &filter->min_score);
    return status == JM_OK ? read_ids(catalog, doc, &filter->ids) : status;
}

static jm_status read_page(const struct catalog *catalog, const jm_doc *doc,
                           struct catalog_page *page)
{
    jm_span sort = {NULL, 0};
    jm_span order = {NULL, 0};
    jm_status status = jm_doc_int(doc, "limit", false, &page->limit);
    if (status == JM_OK && (page->limit < 0 || page->limit > LIMIT_MAX))
        status =
            catalog_fail(catalog, JM_EINVAL, "limit must be an integer from 0 to %d", LIMIT_MAX);
    if (status == JM_OK)
        status = jm_doc_int(doc, "offset", false, &page->offset);
    if (status == JM_OK && page->offset < 0)
        status = catalog_fail(catalog, JM_EINVAL, "offset must not be negative");
    if (status == JM_OK)
        status = jm_doc_text(doc, "sort", false, &sort);
    if (status == JM_OK)
        status = jm_doc_text(doc, "order", false, &order);
    if (status == JM_OK)
        status = catalog_page_set_order(catalog, sort, order, catalog_photo_orders,
                                        catalog_photo_order_count, page);
    return status;
}

static jm_status find(const struct catalog *catalog, const struct catalog_photo_filter *filter,
                      const struct catalog_page *page, json_t **found_out)
{
    json_t *photos = NULL;
    int64_t total = 0;
    jm_status status = catalog_photo_count(catalog, filter, &total);
    if (status == JM_OK)
        status = catalog_photo_list(catalog, filter, page, &photos);
    if (status < 0)
        return status;
    *found_out = json_pack("{s:o, s:I}", "photos", photos, "total", (json_int_t)total);
    return *found_out == NULL ? JM_ENOMEM : JM_OK;
}

jm_status catalog_photo_query(const struct catalog *catalog, const json_t *query,
                              json_t **found_out)
{
    const jm_doc doc = {catalog->host, catalog->error, (json_t *)query};
    struct catalog_photo_filter filter = {.approved = -1};
    struct catalog_page page = {
        .limit = 100, .order = &catalog_photo_orders[0], .descending = true};
    jm_status status = check_names(catalog, query);
    if (status == JM_OK)
        status = read_filter(catalog, &doc, &filter);
    if (status == JM_OK)
        status = read_page(catalog, &doc, &page);
    if (status == JM_OK)
        status = find(catalog, &filter, &page, found_out);
    free((char *)filter.ids.ptr);
    return status;
}
