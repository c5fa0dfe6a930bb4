/* Position, client session, events, removal. */
#include "feed.h"

#include "change.h"
#include "photo.h"

#define EPOCH_BYTES 64
#define TAKE_AT_ONCE 256
#define REMOVE_AT_ONCE 128

struct hearing {
    struct queue *q;
    char epoch[EPOCH_BYTES]; /* "" before the first time */
    int64_t seq;
    int64_t ids[TAKE_AT_ONCE]; /* sessions that were heard of in one take */
    size_t count;
    bool has_moved;
};

static jm_status take_position(void *user, const jm_value *columns, size_t count)
{
    struct hearing *hearing = user;
    (void)count;
    if (columns[0].type == JM_VALUE_TEXT)
        snprintf(hearing->epoch, sizeof(hearing->epoch), "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    hearing->seq = columns[1].type == JM_VALUE_INT ? columns[1].integer : 0;
    return JM_OK;
}

static jm_status save_position(const struct hearing *hearing)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(hearing->epoch)), JM_INT(hearing->seq)};
    return queue_write(hearing->q,
                       "INSERT OR REPLACE INTO queue_settings(name, value)"
                       " VALUES('feed_epoch', ?1), ('feed_seq', ?2)",
                       args, JM_COUNT(args), NULL);
}

/* Where the log is another one than before, hearing begins at its end. */
static void take_confirmation(void *user, jm_span text)
{
    struct hearing *hearing = user;
    json_t *json = json_loadb(text.ptr, text.len, 0, NULL);
    const char *epoch = json_string_value(json_object_get(json, "epoch"));
    if (epoch != NULL && strcmp(epoch, hearing->epoch) != 0) {
        snprintf(hearing->epoch, sizeof(hearing->epoch), "%s", epoch);
        hearing->seq = json_integer_value(json_object_get(json, "seq"));
        hearing->has_moved = true;
    }
    if (json_is_false(json_object_get(json, "recovered")))
        queue_log(hearing->q, JM_LOG_WARNING,
                  "some deleted sessions may not have been heard of: their jobs stay");
    json_decref(json);
}

static void take_event(void *user, jm_span text)
{
    struct hearing *hearing = user;
    json_t *json = json_loadb(text.ptr, text.len, 0, NULL);
    const char *type = json_string_value(json_object_get(json, "type"));
    json_int_t session = json_integer_value(json_object_get(json, "session_id"));
    if (type != NULL && strcmp(type, "session_deleted") == 0 && session > 0 &&
        hearing->count < TAKE_AT_ONCE) {
        hearing->seq = json_integer_value(json_object_get(json, "seq"));
        hearing->ids[hearing->count++] = session;
        hearing->has_moved = true;
    }
    json_decref(json);
}

static jm_status subscribe(struct hearing *hearing, jm_id client)
{
    const struct queue *q = hearing->q;
    json_t *json = json_pack("{s:s, s:[s], s:[s]}", "type", "subscribe", "channels", "sessions",
                             "types", "session_deleted");
    if (hearing->epoch[0] != '\0') {
        json_object_set_new(json, "since", json_integer(hearing->seq));
        json_object_set_new(json, "epoch", json_string(hearing->epoch));
    }
    jm_span text = jm_json_dump(json);
    json_decref(json);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status =
        q->api.client->receive(q->api.host, client, text, take_confirmation, hearing);
    free((char *)text.ptr);
    return status;
}

/* Anybody may publish such an event: only of sessions that are gone it is true. */
static jm_status keep_all(struct hearing *hearing)
{
    jm_status status = JM_OK;
    for (size_t i = 0; i < hearing->count && status == JM_OK; i++) {
        const jm_value args[] = {JM_INT(hearing->ids[i])};
        if (photo_has_session(hearing->q, hearing->ids[i]))
            continue;
        status = queue_write(hearing->q, "INSERT OR IGNORE INTO queue_gone(session_id) VALUES(?1)",
                             args, 1, NULL);
    }
    hearing->count = 0;
    return status;
}

/* A client session that lives as long as this callback. */
static jm_status hear(struct hearing *hearing)
{
    const struct queue *q = hearing->q;
    const jm_client_desc desc = {.size = sizeof(desc), .transport = "queue"};
    jm_id client;
    int32_t count = 1;
    jm_status status = q->api.client->open(q->api.host, &desc, &client);
    if (status < 0)
        return status;
    status = subscribe(hearing, client);
    while (status == JM_OK && count > 0) {
        count = q->api.client->take(q->api.host, client, TAKE_AT_ONCE, take_event, hearing, NULL);
        status = count < 0 ? count : keep_all(hearing);
    }
    (void)q->api.client->close(q->api.host, client);
    return status;
}

struct numbers {
    int64_t nums[REMOVE_AT_ONCE];
    size_t count;
};

static jm_status take_number(void *user, const jm_value *columns, size_t count)
{
    struct numbers *numbers = user;
    (void)count;
    if (numbers->count < REMOVE_AT_ONCE)
        numbers->nums[numbers->count++] = columns[0].integer;
    return JM_OK;
}

/* A job that runs is cancelled, and goes once its executor has let go of it. */
static jm_status remove_job(struct queue *q, int64_t num)
{
    struct job job;
    const jm_value args[] = {JM_INT(num)};
    jm_status status = job_load_num(q, num, &job);
    if (status == JM_OK && (job.state == QUEUE_PENDING || job.state == QUEUE_PROCESSING))
        status = change_cancel(q, &job);
    job_fini(&job);
    q->counts_dirty = true;
    return status < 0 ? status
                      : queue_write(q,
                                    "DELETE FROM queue_jobs WHERE num = ?1 AND NOT EXISTS(SELECT 1"
                                    " FROM queue_attempts WHERE job = ?1 AND place = 1)",
                                    args, 1, NULL);
}

static jm_status remove_some(struct queue *q)
{
    struct numbers found = {.count = 0};
    int64_t session = 0;
    jm_status status = queue_select(q, "SELECT session_id FROM queue_gone LIMIT 1", NULL, 0,
                                    jm_row_integer, &session);
    if (status < 0 || session == 0)
        return status;
    const jm_value args[] = {JM_INT(session), JM_INT(REMOVE_AT_ONCE)};
    status = queue_select(q, "SELECT num FROM queue_jobs WHERE session_id = ?1 LIMIT ?2", args,
                          JM_COUNT(args), take_number, &found);
    for (size_t i = 0; i < found.count && status == JM_OK; i++)
        status = remove_job(q, found.nums[i]);
    if (status == JM_OK && found.count == 0)
        status = queue_write(q, "DELETE FROM queue_gone WHERE session_id = ?1", args, 1, NULL);
    return status;
}

jm_status feed_tick(void *user, jm_id timer)
{
    struct hearing hearing = {.q = user};
    (void)timer;
    jm_status status = queue_select(user,
                                    "SELECT (SELECT value FROM queue_settings WHERE name ="
                                    " 'feed_epoch'), (SELECT value FROM queue_settings WHERE name ="
                                    " 'feed_seq')",
                                    NULL, 0, take_position, &hearing);
    if (status == JM_OK)
        status = hear(&hearing);
    if (status == JM_OK && hearing.has_moved)
        status = save_position(&hearing);
    return status == JM_OK ? remove_some(user) : status;
}
