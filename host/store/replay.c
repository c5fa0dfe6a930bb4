/* Reading the durable event log in order: one cursor for each channel, merged by sequence number.
 *
 * Each cursor walks the index of its channel, so that a replay costs what it hands out, however many
 * events of other channels lie between. Owned by the event log, on the loop thread. */
#include "host/store/impl.h"
#include "host/util/span.h"

#include <stdlib.h>

#define COLUMNS "SELECT seq, utc_ms, channel, type, body FROM junmai_events "

static const char every_channel[] = COLUMNS "WHERE seq > ?1 AND seq <= ?2 ORDER BY seq";
static const char one_channel[] =
    COLUMNS "WHERE channel = ?3 AND seq > ?1 AND seq <= ?2 ORDER BY seq";

static jm_status step(struct jmh_event_cursor *cursor, struct jmh_err *err)
{
    jm_status status = jmh_statement_step(cursor->statement, &cursor->has_event, err);
    if (status == JM_OK && cursor->has_event) {
        const jm_value *columns = jmh_statement_columns(cursor->statement);
        cursor->event = (struct jmh_stored_event){
            .seq = (uint64_t)columns[0].integer,
            .utc_ms = columns[1].integer,
            .channel = columns[2].bytes,
            .type = columns[3].bytes,
            .body = columns[4].bytes,
        };
    }
    return status;
}

static jm_status start(struct jmh_store *store, struct jmh_event_cursor *cursor, const char *sql,
                       const jm_value *args, size_t arg_count, struct jmh_err *err)
{
    jm_status status = JM_OK;
    if (cursor->statement == NULL) {
        status = jmh_statement_new(store->db, NULL, sql, &cursor->statement, err);
    }
    if (status == JM_OK) {
        status = jmh_statement_bind(cursor->statement, args, arg_count, err);
    }
    return status == JM_OK ? step(cursor, err) : status;
}

static jm_status make_cursors(struct jmh_events *events, size_t count, struct jmh_err *err)
{
    if (count <= events->cursor_count) {
        return JM_OK;
    }
    struct jmh_event_cursor *cursors = realloc(events->cursors, count * sizeof *cursors);
    if (cursors == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "There is no memory to replay %zu channels", count);
    }
    for (size_t i = events->cursor_count; i < count; i++) {
        cursors[i] = (struct jmh_event_cursor){0};
    }
    events->cursors = cursors;
    events->cursor_count = count;
    return JM_OK;
}

static struct jmh_event_cursor *earliest(struct jmh_event_cursor *cursors, size_t count)
{
    struct jmh_event_cursor *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (cursors[i].has_event && (first == NULL || cursors[i].event.seq < first->event.seq)) {
            first = &cursors[i];
        }
    }
    return first;
}

static jm_status merge(struct jmh_event_cursor *cursors, size_t count,
                       bool (*fn)(void *user, const struct jmh_stored_event *event), void *user,
                       struct jmh_err *err)
{
    jm_status status = JM_OK;
    struct jmh_event_cursor *first = NULL;
    while (status == JM_OK && (first = earliest(cursors, count)) != NULL &&
           fn(user, &first->event)) {
        const uint64_t seq = first->event.seq;
        /* A channel that is asked for twice stands at the same event twice. */
        for (size_t i = 0; i < count && status == JM_OK; i++) {
            if (cursors[i].has_event && cursors[i].event.seq == seq) {
                status = step(&cursors[i], err);
            }
        }
    }
    return status;
}

static void stop(struct jmh_event_cursor *cursors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cursors[i].statement != NULL) {
            jmh_statement_reset(cursors[i].statement);
        }
        cursors[i].has_event = false;
    }
}

static jm_value bound(uint64_t seq)
{
    return jmh_value_int(seq < INT64_MAX ? (int64_t)seq : INT64_MAX);
}

jm_status jmh_store_replay(struct jmh_store *store, const char *const *channels, size_t count,
                           uint64_t after, uint64_t upto,
                           bool (*fn)(void *user, const struct jmh_stored_event *event), void *user,
                           struct jmh_err *err)
{
    struct jmh_events *events = &store->events;
    jm_value args[] = {bound(after), bound(upto), jmh_value_text(jmh_span(""))};
    jm_status status = jmh_transaction_enter(&store->transaction, err);
    if (status != JM_OK) {
        return status;
    }
    struct jmh_err failure = {0};
    struct jmh_event_cursor *cursors = &events->every;
    size_t cursor_count = 1;
    if (count == 0) {
        status = start(store, cursors, every_channel, args, 2, &failure);
    } else {
        cursor_count = count + 1;
        status = make_cursors(events, cursor_count, &failure);
        cursors = events->cursors;
        cursor_count = status == JM_OK ? cursor_count : 0;
        for (size_t i = 0; i < cursor_count && status == JM_OK; i++) {
            args[2] = jmh_value_text(jmh_span(i < count ? channels[i] : ""));
            status = start(store, &cursors[i], one_channel, args, 3, &failure);
        }
    }
    if (status == JM_OK) {
        status = merge(cursors, cursor_count, fn, user, &failure);
    }
    stop(cursors, cursor_count);
    jmh_transaction_leave(&store->transaction, &failure);
    return status == JM_OK ? JM_OK : jmh_err_set(err, status, "%s", failure.text);
}

void jmh_replay_fini(struct jmh_events *events)
{
    jmh_statement_free(events->every.statement);
    events->every.statement = NULL;
    for (size_t i = 0; i < events->cursor_count; i++) {
        jmh_statement_free(events->cursors[i].statement);
    }
    free(events->cursors);
    events->cursors = NULL;
    events->cursor_count = 0;
}
