/* Position, session, events. Loop thread. */
#include "feed.h"

#include "wanted.h"

#include <junmai/sdk/json.h>

#define EPOCH_BYTES 64
#define TAKE_AT_ONCE 512
#define IMPORTS_AT_ONCE 4096

struct hearing {
    struct preview_core *core;
    char epoch[EPOCH_BYTES]; /* "" before the first time */
    uint64_t seq;            /* of the last import that was heard: it is in the store, as this is */
    int64_t photos[TAKE_AT_ONCE]; /* that were heard of in one take */
    size_t photo_count;
    size_t imports; /* heard of in all */
};

static jm_status take_position(void *user, const jm_value *columns, size_t count)
{
    struct hearing *hearing = user;
    (void)count;
    snprintf(hearing->epoch, sizeof hearing->epoch, "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    hearing->seq = (uint64_t)columns[1].integer;
    return JM_OK;
}

static jm_status save_position(const struct hearing *hearing)
{
    const struct preview_core *core = hearing->core;
    const jm_value args[] = {value_text(hearing->epoch), value_int((int64_t)hearing->seq)};
    return core->store->exec(core->host,
                             "INSERT OR REPLACE INTO preview_position(id, epoch, seq)"
                             " VALUES(1, ?1, ?2)",
                             args, JM_COUNT(args), NULL, NULL, NULL);
}

/* Where the log is another one than before, hearing begins at its end. */
static void take_confirmation(void *user, jm_span text)
{
    struct hearing *hearing = user;
    const struct preview_core *core = hearing->core;
    json_t *json = json_loadb(text.ptr, text.len, 0, NULL);
    const char *epoch = json_string_value(json_object_get(json, "epoch"));
    if (epoch != NULL && strcmp(epoch, hearing->epoch) != 0) {
        snprintf(hearing->epoch, sizeof hearing->epoch, "%s", epoch);
        hearing->seq = (uint64_t)json_integer_value(json_object_get(json, "seq"));
    }
    if (json_is_false(json_object_get(json, "recovered"))) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING,
                "some imports were not heard of: the thumbnails of those photographs are made when "
                "they are asked for");
    }
    json_decref(json);
}

static void take_event(void *user, jm_span text)
{
    struct hearing *hearing = user;
    json_t *json = json_loadb(text.ptr, text.len, 0, NULL);
    const char *type = json_string_value(json_object_get(json, "type"));
    json_int_t photo = json_integer_value(json_object_get(json, "photo_id"));
    if (type != NULL && strcmp(type, "photo_imported") == 0 && photo > 0 &&
        hearing->photo_count < TAKE_AT_ONCE) {
        hearing->seq = (uint64_t)json_integer_value(json_object_get(json, "seq"));
        hearing->photos[hearing->photo_count++] = photo;
    }
    json_decref(json);
}

static jm_status subscribe(struct hearing *hearing, jm_id client)
{
    const struct preview_core *core = hearing->core;
    json_t *json = json_pack("{s:s, s:[s], s:[s]}", "type", "subscribe", "channels", "photos",
                             "types", "photo_imported");
    if (hearing->epoch[0] != '\0') {
        json_object_set_new(json, "since", json_integer((json_int_t)hearing->seq));
        json_object_set_new(json, "epoch", json_string(hearing->epoch));
    }
    jm_span text = jm_json_dump(json);
    json_decref(json);
    jm_status status = text.ptr == NULL ? JM_ENOMEM
                                        : core->client->receive(core->host, client, text,
                                                                take_confirmation, hearing);
    free((char *)text.ptr);
    return status;
}

/* The store is reading while take_event runs, so it is written to only afterwards. */
static jm_status want_all(struct hearing *hearing)
{
    jm_status status = JM_OK;
    for (size_t i = 0; i < hearing->photo_count && status == JM_OK; i++) {
        status = wanted_add(hearing->core, hearing->photos[i]);
    }
    hearing->imports += hearing->photo_count;
    hearing->photo_count = 0;
    return status;
}

/* A session that lives as long as this callback. */
static jm_status hear(struct hearing *hearing)
{
    struct preview_core *core = hearing->core;
    const jm_client_desc desc = {.size = sizeof desc, .transport = "preview"};
    jm_id client;
    int32_t count = 1;
    jm_status status = core->client->open(core->host, &desc, &client);
    if (status < 0) {
        return status;
    }
    status = subscribe(hearing, client);
    while (status == JM_OK && count > 0 && hearing->imports < IMPORTS_AT_ONCE) {
        count = core->client->take(core->host, client, TAKE_AT_ONCE, take_event, hearing, NULL);
        status = count < 0 ? count : want_all(hearing);
    }
    (void)core->client->close(core->host, client);
    return status;
}

jm_status feed_listen(struct preview_core *core)
{
    struct hearing before = {.core = core};
    jm_status status = core->store->exec(core->host, "SELECT epoch, seq FROM preview_position",
                                         NULL, 0, take_position, &before, NULL);
    struct hearing hearing = before;
    if (status == JM_OK) {
        status = hear(&hearing);
    }
    bool is_worth_saving = hearing.imports > 0 || strcmp(hearing.epoch, before.epoch) != 0;
    if (status == JM_OK && is_worth_saving) {
        status = save_position(&hearing);
    }
    return status;
}
