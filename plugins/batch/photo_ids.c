/* Reading, checking and writing lists of ids. */
#include "photo_ids.h"

#include "services.h"

/* So many are looked for in the catalog at once. */
#define CHECKED_AT_ONCE 2000
#define ID_CHARACTERS 21 /* of any int64_t, and a comma */

struct place {
    int64_t id;
    size_t at;
};

static int compare(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;
    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

/* Keep the first of equal ids, and the order. */
static jm_status drop_repeated(struct photo_ids *ids)
{
    struct place *places = malloc(ids->count * sizeof(*places));
    size_t kept = 0;
    if (places == NULL)
        return JM_ENOMEM;
    for (size_t i = 0; i < ids->count; i++)
        places[i] = (struct place){ids->items[i], i};
    qsort(places, ids->count, sizeof(*places), compare);
    for (size_t i = 1; i < ids->count; i++) {
        if (places[i].id == places[i - 1].id)
            ids->items[places[i].at] = 0;
    }
    for (size_t i = 0; i < ids->count; i++) {
        if (ids->items[i] != 0)
            ids->items[kept++] = ids->items[i];
    }
    ids->count = kept;
    free(places);
    return JM_OK;
}

jm_status photo_ids_read(const struct batch_core *core, const jm_doc *doc, size_t max,
                         struct photo_ids *ids_out)
{
    const json_t *list = jm_doc_value(doc, "photo_ids");
    size_t count = json_array_size(list);
    *ids_out = (struct photo_ids){NULL, 0};
    if (list == NULL)
        return batch_fail(core, JM_EINVAL, "photo_ids is required");
    if (count == 0)
        return batch_fail(core, JM_EINVAL, "photo_ids must be a non-empty list");
    if (count > max)
        return batch_fail(
            core, JM_EINVAL,
            "photo_ids has %zu photographs, but a batch has at most %zu: make several", count, max);
    ids_out->items = calloc(count, sizeof(int64_t));
    if (ids_out->items == NULL)
        return JM_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const json_t *id = json_array_get(list, i);
        if (!json_is_integer(id) || json_integer_value(id) <= 0)
            return batch_fail(core, JM_EINVAL,
                              "photo_ids must be a list of positive integers; number %zu is %s",
                              i + 1, json_is_integer(id) ? "not positive" : jm_json_type_name(id));
        ids_out->items[ids_out->count++] = json_integer_value(id);
    }
    return drop_repeated(ids_out);
}

void photo_ids_fini(struct photo_ids *ids)
{
    free(ids->items);
    ids->items = NULL;
}

char *photo_ids_text(const char *before, const int64_t *items, size_t count, const char *after)
{
    size_t size = strlen(before) + count * ID_CHARACTERS + strlen(after) + 3;
    char *text = malloc(size);
    if (text == NULL)
        return NULL;
    size_t used = (size_t)snprintf(text, size, "%s[", before);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", i == 0 ? "" : ",",
                                 (long long)items[i]);
    snprintf(text + used, size - used, "]%s", after);
    return text;
}

static void take_total(void *user, jm_span json)
{
    int64_t *total = user;
    json_t *found = json_loadb(json.ptr, json.len, 0, NULL);
    *total = json_integer_value(json_object_get(found, "total"));
    json_decref(found);
}

static void take_nothing(void *user, jm_span json)
{
    (void)user;
    (void)json;
}

/* One by one: one of them is known to be missing. */
static jm_status name_missing(const struct batch_core *core, const catalog_service *catalog,
                              const int64_t *items, size_t count)
{
    void *data = core->catalog->provider_data;
    for (size_t i = 0; i < count; i++) {
        jm_status status = catalog->get_photo(data, items[i], take_nothing, NULL);
        if (status == JM_ENOENT)
            return batch_fail(core, JM_ENOENT, "Photo not found: there is no photograph %lld",
                              (long long)items[i]);
        if (status < 0)
            return batch_catalog_result(core, status);
    }
    return JM_OK;
}

static jm_status check_some(const struct batch_core *core, const catalog_service *catalog,
                            const int64_t *items, size_t count)
{
    char *query = photo_ids_text("{\"limit\":0,\"ids\":", items, count, "}");
    int64_t total = 0;
    if (query == NULL)
        return JM_ENOMEM;
    jm_status status =
        batch_catalog_result(core, catalog->query_photos(core->catalog->provider_data,
                                                         jm_span_of(query), take_total, &total));
    free(query);
    if (status == JM_OK && (size_t)total != count)
        status = name_missing(core, catalog, items, count);
    return status;
}

jm_status photo_ids_check(const struct batch_core *core, const struct photo_ids *ids)
{
    const catalog_service *catalog;
    jm_status status = batch_catalog(core, &catalog);
    for (size_t at = 0; at < ids->count && status == JM_OK; at += CHECKED_AT_ONCE) {
        size_t left = ids->count - at;
        status = check_some(core, catalog, ids->items + at,
                            left < CHECKED_AT_ONCE ? left : CHECKED_AT_ONCE);
    }
    return status;
}
