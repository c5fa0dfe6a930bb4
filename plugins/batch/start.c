/* A new batch: its row, and its photographs in parts that feed.c makes jobs of. */
#include "start.h"

#include "photo_ids.h"
#include "services.h"

#include <sys/random.h>

#define OPEN_MAX 1000
#define PART_PHOTOS 32

struct order {
    struct photo_ids photos;
    jm_span kind;
    jm_span config; /* JSON text, owned */
    int64_t priority;
    int64_t session;
};

static jm_status read_kind(const struct batch_core *core, const jm_doc *doc, jm_span *kind_out)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    *kind_out = JM_SPAN("develop");
    jm_status status = jm_doc_text(doc, "kind", false, kind_out);
    if (status == JM_OK && (kind_out->len == 0 || kind_out->len > 64 ||
                            strspn(kind_out->ptr, allowed) != kind_out->len))
        status = batch_fail(core, JM_EINVAL,
                            "kind must be 1 to 64 characters of a-z, 0-9, '_', '.' and '-'");
    return status;
}

static jm_status read_priority(const struct batch_core *core, const jm_doc *doc,
                               int64_t *priority_out)
{
    const json_t *value = jm_doc_value(doc, "priority");
    *priority_out = json_integer_value(value);
    if (value == NULL || (json_is_integer(value) && *priority_out >= 1 && *priority_out <= 10))
        return JM_OK;
    return batch_fail(core, JM_EINVAL, "priority must be an integer between 1 and 10");
}

static jm_status read_config(const struct batch_core *core, const jm_doc *doc, jm_span *config_out)
{
    const json_t *value = jm_doc_value(doc, "config");
    if (value != NULL && !json_is_object(value))
        return batch_fail(core, JM_EINVAL, "config must be an object, not %s",
                          jm_json_type_name(value));
    json_t *config = value == NULL ? json_object() : json_incref((json_t *)value);
    *config_out = jm_json_dump(config);
    json_decref(config);
    return jm_span_absent(*config_out) ? JM_ENOMEM : JM_OK;
}

static void ignore(void *user, jm_span json)
{
    (void)user;
    (void)json;
}

static jm_status read_session(const struct batch_core *core, const jm_doc *doc,
                              int64_t *session_out)
{
    const catalog_service *catalog;
    jm_status status = jm_doc_int(doc, "session_id", false, session_out);
    if (status < 0 || jm_doc_value(doc, "session_id") == NULL)
        return status;
    status = batch_catalog(core, &catalog);
    if (status == JM_OK)
        status = batch_catalog_result(
            core, catalog->get_session(core->catalog->provider_data, *session_out, ignore, NULL));
    return status;
}

static jm_status read_order(const struct batch_core *core, const jm_doc *doc, struct order *order)
{
    jm_status status = photo_ids_read(core, doc, BATCH_PHOTOS_MAX, &order->photos);
    if (status == JM_OK)
        status = read_kind(core, doc, &order->kind);
    if (status == JM_OK)
        status = read_priority(core, doc, &order->priority);
    if (status == JM_OK)
        status = read_config(core, doc, &order->config);
    if (status == JM_OK)
        status = read_session(core, doc, &order->session);
    return status == JM_OK ? photo_ids_check(core, &order->photos) : status;
}

static jm_status check_room(const struct batch_core *core)
{
    int64_t open = 0;
    jm_status status = batch_sql(core,
                                 "SELECT count(*) FROM batch_batches INDEXED BY batch_open"
                                 " WHERE status IN ('running', 'paused')",
                                 NULL, 0, jm_row_integer, &open);
    if (status == JM_OK && open >= OPEN_MAX)
        status =
            batch_fail(core, JM_EBUSY,
                       "%d batches are running or paused: let some end, or cancel them", OPEN_MAX);
    return status;
}

static jm_status make_id(const struct batch_core *core, char id_out[BATCH_ID_SIZE])
{
    unsigned char bytes[6];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return batch_fail(core, JM_EIO, "the system gives no random number for a batch's id");
    size_t used = (size_t)snprintf(id_out, BATCH_ID_SIZE, "batch_");
    for (size_t i = 0; i < sizeof(bytes); i++)
        used += (size_t)snprintf(id_out + used, BATCH_ID_SIZE - used, "%02x", bytes[i]);
    return JM_OK;
}

static jm_status write_batch(const struct batch_core *core, const struct order *order,
                             const char *id)
{
    jm_value args[] = {
        JM_TEXT(jm_span_of(id)),   order->session == 0 ? JM_NULL : JM_INT(order->session),
        JM_TEXT(order->kind),      JM_INT(order->priority),
        JM_TEXT(order->config),    JM_INT((int64_t)order->photos.count),
        JM_INT(batch_now_ms(core))};
    return batch_sql(core,
                     "INSERT INTO batch_batches(id, session_id, kind, priority, config, status,"
                     " total, started_at) VALUES(?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7)",
                     args, JM_COUNT(args), NULL, NULL);
}

static jm_status write_parts(const struct batch_core *core, const struct photo_ids *ids,
                             int64_t batch_num)
{
    jm_status status = JM_OK;
    for (size_t at = 0; at < ids->count && status == JM_OK; at += PART_PHOTOS) {
        size_t left = ids->count - at;
        char *text =
            photo_ids_text("", ids->items + at, left < PART_PHOTOS ? left : PART_PHOTOS, "");
        jm_value args[] = {JM_INT(batch_num), JM_INT((int64_t)(at / PART_PHOTOS)),
                           jm_value_text(jm_span_of(text))};
        status = text == NULL ? JM_ENOMEM
                              : batch_sql(core,
                                          "INSERT INTO batch_parts(batch_num, part, photo_ids)"
                                          " VALUES(?1, ?2, ?3)",
                                          args, JM_COUNT(args), NULL, NULL);
        free(text);
    }
    return status;
}

jm_status batch_start(const struct batch_core *core, const jm_doc *doc, struct batch *batch_out)
{
    struct order order = {.session = 0};
    char id[BATCH_ID_SIZE];
    jm_status status = read_order(core, doc, &order);
    if (status == JM_OK)
        status = check_room(core);
    if (status == JM_OK)
        status = make_id(core, id);
    if (status == JM_OK)
        status = write_batch(core, &order, id);
    if (status == JM_OK)
        status = batch_load(core, jm_span_of(id), batch_out);
    if (status == JM_OK)
        status = write_parts(core, &order.photos, batch_out->num);
    photo_ids_fini(&order.photos);
    free((char *)order.config.ptr);
    return status;
}
