/* Position, session, events. Loop thread. */
#include "feed.h"

#include "feed_line.h"
#include "log_lines.h"

#define EPOCH_BYTES 64
#define TAKE_AT_ONCE 256
#define EVENTS_AT_ONCE 2048

/* What is not heard is passed over again at each look, until it is as much as this. */
#define PASSED_OVER_MAX 1000

/* What becomes a line: all that tells of something done, and nothing that only tells how far. */
static const char *const heard_types[] = {
    "config_changed",   "error_occurred",   "export_completed",  "export_failed",
    "export_started",   "job_cancelled",    "job_completed",     "job_created",
    "job_failed",       "job_requeued",     "job_started",       "photo_analyzed",
    "photo_approved",   "photo_imported",   "photo_rejected",    "photo_selected",
    "priority_changed", "resource_warning", "session_completed", "session_created",
    "system_status",
};

struct hearing {
    struct system_core *core;
    char epoch[EPOCH_BYTES]; /* "" before the first time */
    uint64_t seq;            /* of the last event that was heard */
    uint64_t head;           /* of the log of events when this look began */
    json_t *events;          /* of one take */
    size_t count;            /* of all */
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
    const jm_value args[] = {JM_TEXT(jm_span_of(hearing->epoch)), JM_INT((int64_t)hearing->seq)};
    return system_exec(hearing->core,
                       "INSERT OR REPLACE INTO system_position(id, epoch, seq) VALUES(1, ?1, ?2)",
                       args, JM_COUNT(args), NULL, NULL);
}

/* Where the log of events is another one than before, hearing begins at its end. */
static void take_confirmation(void *user, jm_span text)
{
    struct hearing *hearing = user;
    json_t *json = json_loadb(text.ptr, text.len, 0, NULL);
    const char *epoch = json_string_value(json_object_get(json, "epoch"));
    hearing->head = (uint64_t)json_integer_value(json_object_get(json, "seq"));
    if (epoch != NULL && strcmp(epoch, hearing->epoch) != 0) {
        snprintf(hearing->epoch, sizeof hearing->epoch, "%s", epoch);
        hearing->seq = hearing->head;
    }
    json_decref(json);
}

static jm_status subscribe(struct hearing *hearing, jm_id client)
{
    const struct system_core *core = hearing->core;
    json_t *types = json_array();
    for (size_t i = 0; i < JM_COUNT(heard_types); i++)
        json_array_append_new(types, json_string(heard_types[i]));
    json_t *json =
        json_pack("{s:s, s:[s], s:o}", "type", "subscribe", "channels", "*", "types", types);
    if (hearing->epoch[0] != '\0') {
        json_object_set_new(json, "since", json_integer((json_int_t)hearing->seq));
        json_object_set_new(json, "epoch", json_string(hearing->epoch));
    }
    jm_span text = jm_json_dump(json);
    json_decref(json);
    jm_status status = jm_span_absent(text) ? JM_ENOMEM
                                            : core->api.client->receive(core->host, client, text,
                                                                        take_confirmation, hearing);
    free((char *)text.ptr);
    return status;
}

/* The store is reading while this runs, so it is written to only afterwards. */
static void take_event(void *user, jm_span text)
{
    struct hearing *hearing = user;
    json_t *event = json_loadb(text.ptr, text.len, 0, NULL);
    /* Only an event has a channel: the welcome, and notices to the client, have none. */
    if (!json_is_string(json_object_get(event, "channel"))) {
        json_decref(event);
        return;
    }
    hearing->seq = (uint64_t)json_integer_value(json_object_get(event, "seq"));
    json_array_append_new(hearing->events, event);
}

static jm_status write_lines(struct hearing *hearing, int least)
{
    size_t i;
    json_t *event;
    jm_status status = JM_OK;
    json_array_foreach(hearing->events, i, event)
    {
        if (status == JM_OK)
            status = feed_line_write(hearing->core, event, least);
    }
    hearing->count += json_array_size(hearing->events);
    json_array_clear(hearing->events);
    return status;
}

static jm_status hear(struct hearing *hearing)
{
    struct system_core *core = hearing->core;
    const jm_client_desc desc = {.size = sizeof desc, .transport = "log"};
    int least = log_lines_least(core);
    jm_id client;
    int32_t count = 1;
    jm_status status = core->api.client->open(core->host, &desc, &client);
    if (status < 0)
        return status;
    status = subscribe(hearing, client);
    while (status == JM_OK && count > 0 && hearing->count < EVENTS_AT_ONCE) {
        count = core->api.client->take(core->host, client, TAKE_AT_ONCE, take_event, hearing, NULL);
        status = count < 0 ? count : write_lines(hearing, least);
    }
    (void)core->api.client->close(core->host, client);
    if (count == 0 && hearing->head > hearing->seq + PASSED_OVER_MAX)
        hearing->seq = hearing->head;
    return status;
}

jm_status feed_listen(struct system_core *core)
{
    struct hearing before = {.core = core};
    jm_status status = system_exec(core, "SELECT epoch, seq FROM system_position", NULL, 0,
                                   take_position, &before);
    struct hearing hearing = before;
    hearing.events = json_array();
    if (status == JM_OK)
        status = hear(&hearing);
    if (status == JM_OK && hearing.count > 0)
        status = log_lines_trim(core);
    if (status == JM_OK && (hearing.seq != before.seq || strcmp(hearing.epoch, before.epoch) != 0))
        status = save_position(&hearing);
    json_decref(hearing.events);
    return status;
}
