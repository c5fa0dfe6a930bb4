/* Turns of the loop. [loop] */
#include "host/turn.h"

#include "host/log/envelope.h"
#include "host/util/span.h"
#include "host/util/time.h"
#include "host/util/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TELL_EVERY_MS 5000
#define EVENT_MAX_BYTES (1u << 20)
#define SEQ_DIGITS 20 /* of the largest number */

/* An event that waits for the end of the turn; its texts lie in `texts`, one behind the other. */
struct staged {
    uint32_t channel, type, flags;
    int64_t utc_ms;
    size_t at; /* the head of its envelope, then its tail, then the key */
    size_t head_len, tail_len, key_len;
    jm_span type_name; /* borrowed from the names, or at the end of the texts */
};

struct effect {
    void (*fn)(void *user, jm_status committed);
    void *user;
};

struct jmh_turn {
    struct jmh_store *store;
    struct jmh_log *log;
    struct jmh_sets *sets;
    struct jmh_names *channels, *types;
    void (*pending)(void *user, size_t bytes);
    void *pending_user;
    struct staged *staged;
    size_t staged_count, staged_cap;
    size_t durable_count; /* of the staged ones */
    struct jmh_buf texts;
    struct effect *effects, *running;
    size_t effect_count, effect_cap, running_cap;
    uint32_t depth; /* of calls */
    size_t call_staged, call_texts, call_durable;
    uint64_t seq_end; /* numbers up to here are reserved */
    struct jmh_buf body;
    uint64_t told_ms;            /* when a failure was logged last */
    char failure[JMH_ERR_BYTES]; /* for those who asked, where it says more than usual */
    struct jmh_turn_stats stats;
};

struct jmh_turn *jmh_turn_new(struct jmh_store *store, struct jmh_log *log, struct jmh_sets *sets,
                              struct jmh_names *channels, struct jmh_names *types)
{
    struct jmh_turn *turn = calloc(1, sizeof *turn);
    if (turn != NULL) {
        turn->store = store;
        turn->log = log;
        turn->sets = sets;
        turn->channels = channels;
        turn->types = types;
        turn->seq_end = jmh_log_head(log) + JMH_SEQ_BLOCK;
    }
    return turn;
}

void jmh_turn_free(struct jmh_turn *turn)
{
    if (turn == NULL) {
        return;
    }
    jmh_buf_fini(&turn->texts);
    jmh_buf_fini(&turn->body);
    free(turn->staged);
    free(turn->effects);
    free(turn->running);
    free(turn);
}

void jmh_turn_on_pending(struct jmh_turn *turn, void (*fn)(void *user, size_t bytes), void *user)
{
    turn->pending = fn;
    turn->pending_user = user;
}

static void tell_pending(const struct jmh_turn *turn, size_t bytes)
{
    if (turn->pending != NULL) {
        turn->pending(turn->pending_user, bytes);
    }
}

void jmh_turn_begin_call(struct jmh_turn *turn)
{
    if (turn->depth++ == 0) {
        jmh_store_begin_call(turn->store);
        turn->call_staged = turn->staged_count;
        turn->call_texts = turn->texts.len;
        turn->call_durable = turn->durable_count;
    }
}

jm_status jmh_turn_end_call(struct jmh_turn *turn, jm_status status)
{
    if (--turn->depth == 0) {
        jm_status kept = jmh_store_end_call(turn->store, status >= 0);
        status = status >= 0 && kept < 0 ? kept : status;
        if (status < 0) {
            turn->staged_count = turn->call_staged;
            turn->texts.len = turn->call_texts;
            turn->durable_count = turn->call_durable;
        }
        if (jmh_store_is_dirty(turn->store)) {
            tell_pending(turn, 0);
        }
    }
    return status;
}

static bool stage(struct jmh_turn *turn, const struct staged *event)
{
    if (turn->staged_count == turn->staged_cap) {
        size_t cap = turn->staged_cap > 0 ? turn->staged_cap * 2 : 64;
        struct staged *grown = realloc(turn->staged, cap * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        turn->staged = grown;
        turn->staged_cap = cap;
    }
    turn->staged[turn->staged_count++] = *event;
    return true;
}

/* Everything that could fail behind the commit is done here: the event will find its place in the log,
 * and its body will be put together in memory that is there. */
static jm_status make_ready(struct jmh_turn *turn, const struct staged *event, jm_span type,
                            struct jmh_err *err)
{
    size_t body_bytes = event->head_len + SEQ_DIGITS + event->tail_len;
    jm_status status = jmh_log_admit(turn->log, event->channel, body_bytes);
    if (status == JM_EINVAL) {
        return jmh_err_set(err, status,
                           "an event of type '%.*s' has %zu bytes: the log holds events "
                           "of at most half its size (log.ring_mib)",
                           JMH_ARG(type), body_bytes);
    }
    jmh_buf_clear(&turn->body);
    if (status != JM_OK || jmh_buf_reserve(&turn->body, body_bytes + 1) == NULL ||
        turn->texts.failed || !stage(turn, event)) {
        return jmh_err_set(err, JM_ENOMEM, "no memory for an event of type '%.*s'", JMH_ARG(type));
    }
    return JM_OK;
}

/* Write an event's texts and stage it. */
static jm_status add_event(struct jmh_turn *turn, struct staged *event, jm_span type,
                           jm_span channel, struct jmh_json_value fields, jm_span key,
                           struct jmh_err *err)
{
    struct jmh_buf *texts = &turn->texts;
    event->flags |= channel.len > 0 && channel.ptr[0] == '_' ? JMH_ENTRY_PRIVATE : 0;
    if (fields.text.len > EVENT_MAX_BYTES) {
        return jmh_err_set(err, JM_EINVAL, "an event of type '%.*s' has %zu bytes; %u are allowed",
                           JMH_ARG(type), fields.text.len, EVENT_MAX_BYTES);
    }
    event->utc_ms = jmh_time_utc_ms();
    event->at = texts->len;
    jmh_envelope_head(texts, type, event->utc_ms, channel);
    event->head_len = texts->len - event->at;
    jmh_envelope_tail(texts, fields);
    event->tail_len = texts->len - event->at - event->head_len;
    jmh_buf_add_span(texts, key);
    event->key_len = key.len;
    jmh_buf_add_span(texts, type);
    event->type_name.len = type.len;
    jm_status status = make_ready(turn, event, type, err);
    if (status != JM_OK) {
        texts->failed = false;
        texts->len = event->at;
        return status;
    }
    turn->durable_count += (event->flags & JMH_ENTRY_DURABLE) != 0;
    tell_pending(turn, texts->len - event->at);
    return JM_OK;
}

/* The number of a channel; the name is checked. */
static jm_status find_channel(struct jmh_turn *turn, jm_span name, uint32_t *channel_out,
                              struct jmh_err *err)
{
    *channel_out = JMH_CHANNEL_EVERYONE;
    if (name.len == 0) {
        return JM_OK;
    }
    if (!jmh_span_is_name(name)) {
        return jmh_err_set(err, JM_EINVAL,
                           "'%.*s' is no channel name: use 1 to 64 of a-z 0-9 _ . -",
                           JMH_ARG(name));
    }
    *channel_out = jmh_names_intern(turn->channels, name);
    return *channel_out != 0 ? JM_OK
                             : jmh_err_set(err, JM_ENOMEM, "too many different channel names");
}

jm_status jmh_turn_publish(struct jmh_turn *turn, const struct jmh_event_type *type,
                           jm_span channel, jm_span fields, struct jmh_err *err)
{
    struct staged event = {0};
    struct jmh_json_value value;
    jm_span key;
    jm_span type_name = jmh_span(type->name);
    jm_span channel_name = channel.len > 0 ? channel : jmh_span(type->channel);
    if (!jmh_json_parse(fields, &value)) {
        return jmh_err_set(err, JM_EINVAL, "event '%s': the fields are no valid JSON", type->name);
    }
    jm_status status = jmh_envelope_check(type, value, &key, err);
    if (status == JM_OK) {
        status = find_channel(turn, channel_name, &event.channel, err);
    }
    if (status != JM_OK) {
        return status;
    }
    event.type = jmh_names_intern(turn->types, type_name);
    if (type->retention == JM_RETAIN_DURABLE) {
        event.flags = JMH_ENTRY_DURABLE;
    } else if (type->conflate_key != NULL) {
        event.flags = JMH_ENTRY_CONFLATED;
    } else if (type->retention == JM_RETAIN_NONE) {
        event.flags = JMH_ENTRY_INJECTED;
    }
    return add_event(turn, &event, type_name, channel_name, value, key, err);
}

jm_status jmh_turn_inject(struct jmh_turn *turn, jm_span type, jm_span channel,
                          struct jmh_json_value fields, bool durable, struct jmh_err *err)
{
    struct staged event = {.flags = JMH_ENTRY_INJECTED | (durable ? JMH_ENTRY_DURABLE : 0)};
    if (fields.kind != JMH_JSON_OBJECT) {
        return jmh_err_set(err, JM_EINVAL, "the data of an event must be a JSON object");
    }
    jm_status status = find_channel(turn, channel, &event.channel, err);
    if (status != JM_OK) {
        return status;
    }
    event.type = jmh_names_intern(turn->types, type);
    return add_event(turn, &event, type, channel, fields, (jm_span){NULL, 0}, err);
}

bool jmh_turn_after(struct jmh_turn *turn, void (*fn)(void *user, jm_status committed), void *user)
{
    if (turn->effect_count == turn->effect_cap) {
        size_t cap = turn->effect_cap > 0 ? turn->effect_cap * 2 : 64;
        struct effect *grown = realloc(turn->effects, cap * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        turn->effects = grown;
        turn->effect_cap = cap;
    }
    turn->effects[turn->effect_count++] = (struct effect){fn, user};
    tell_pending(turn, 0);
    return true;
}

bool jmh_turn_writes(const struct jmh_turn *turn)
{
    return turn->durable_count > 0 || jmh_store_is_dirty(turn->store);
}

bool jmh_turn_is_empty(const struct jmh_turn *turn)
{
    return turn->staged_count == 0 && turn->effect_count == 0 && !jmh_store_is_dirty(turn->store);
}

/* The whole body of a staged event under its number, in turn->body. */
static jm_span compose(struct jmh_turn *turn, const struct staged *event, uint64_t seq)
{
    const char *texts = turn->texts.data + event->at;
    jmh_buf_clear(&turn->body);
    jmh_buf_add(&turn->body, texts, event->head_len);
    jmh_buf_addf(&turn->body, "%llu", (unsigned long long)seq);
    jmh_buf_add(&turn->body, texts + event->head_len, event->tail_len);
    return jmh_buf_span(&turn->body);
}

static jm_span key_of(const struct jmh_turn *turn, const struct staged *event)
{
    return (jm_span){turn->texts.data + event->at + event->head_len + event->tail_len,
                     event->key_len};
}

static jm_span type_of(const struct jmh_turn *turn, const struct staged *event)
{
    jm_span key = key_of(turn, event);
    return (jm_span){key.ptr + key.len, event->type_name.len};
}

/* Numbers for all staged events. */
static jm_status reserve(struct jmh_turn *turn, struct jmh_err *err)
{
    while (jmh_log_head(turn->log) + turn->staged_count > turn->seq_end) {
        uint64_t first = 0;
        jm_status status = jmh_store_reserve_seq(turn->store, &first, err);
        if (status != JM_OK) {
            return status;
        }
        turn->seq_end = first + JMH_SEQ_BLOCK - 1;
    }
    return JM_OK;
}

/* Write the durable events into the transaction. */
static jm_status store_events(struct jmh_turn *turn, struct jmh_err *err)
{
    uint64_t seq = jmh_log_head(turn->log);
    for (size_t i = 0; i < turn->staged_count; i++) {
        const struct staged *event = &turn->staged[i];
        seq++;
        if ((event->flags & JMH_ENTRY_DURABLE) == 0) {
            continue;
        }
        struct jmh_stored_event stored = {
            .seq = seq,
            .utc_ms = event->utc_ms,
            .channel = jmh_span(jmh_names_text(turn->channels, event->channel)),
            .type = type_of(turn, event),
            .body = compose(turn, event, seq)};
        jm_status status = jmh_store_append(turn->store, &stored, err);
        if (status != JM_OK) {
            return status;
        }
    }
    return JM_OK;
}

static jm_status commit(struct jmh_turn *turn, struct jmh_err *err)
{
    jm_status status = reserve(turn, err);
    if (status == JM_OK) {
        status = store_events(turn, err);
    }
    if (status != JM_OK) {
        jmh_store_rollback(turn->store);
        return status;
    }
    return jmh_store_is_dirty(turn->store) ? jmh_store_commit(turn->store, err) : JM_OK;
}

static void append_events(struct jmh_turn *turn)
{
    for (size_t i = 0; i < turn->staged_count; i++) {
        const struct staged *event = &turn->staged[i];
        struct jmh_event entry = {.channel = event->channel,
                                  .type = event->type,
                                  .flags = event->flags,
                                  .conflate_key = key_of(turn, event),
                                  .body = compose(turn, event, jmh_log_head(turn->log) + 1)};
        (void)jmh_log_append(turn->log, &entry);
        jmh_sets_wake(turn->sets, event->channel);
    }
    turn->stats.events += turn->staged_count;
}

static void run_effects(struct jmh_turn *turn, jm_status committed)
{
    struct effect *effects = turn->effects;
    size_t count = turn->effect_count;
    size_t cap = turn->effect_cap;
    turn->effects = turn->running;
    turn->effect_cap = turn->running_cap;
    turn->effect_count = 0;
    turn->running = NULL;
    turn->running_cap = 0;
    for (size_t i = 0; i < count; i++) {
        effects[i].fn(effects[i].user, committed);
    }
    free(turn->running);
    turn->running = effects;
    turn->running_cap = cap;
}

#define LOST "The change could not be stored; nothing of it was kept. "

/* One line in a while: a full disk fails every turn. Which disk it is those who asked are told too;
 * anything else is not theirs to mend. */
static void tell_failure(struct jmh_turn *turn, const struct jmh_err *err)
{
    uint64_t now_ms = jmh_time_monotonic_ms();
    if (turn->stats.failed == 1 || now_ms - turn->told_ms >= TELL_EVERY_MS) {
        turn->told_ms = now_ms;
        jmh_trace(JM_LOG_ERROR, "store", "the changes of a turn were taken back (%llu so far): %s",
                  (unsigned long long)turn->stats.failed, err->text);
    }
    if (err->code == JM_ENOSPC) {
        (void)snprintf(turn->failure, sizeof turn->failure, LOST "%.*s",
                       (int)(sizeof turn->failure - sizeof LOST), err->text);
    }
}

jm_status jmh_turn_end(struct jmh_turn *turn)
{
    struct jmh_err err;
    turn->failure[0] = '\0';
    jm_status status = commit(turn, &err);
    turn->stats.turns++;
    if (status == JM_OK) {
        append_events(turn);
    } else {
        turn->stats.failed++;
        tell_failure(turn, &err);
    }
    turn->staged_count = turn->durable_count = 0;
    jmh_buf_clear(&turn->texts);
    run_effects(turn, status);
    return status;
}

const char *jmh_turn_failure(const struct jmh_turn *turn)
{
    return turn->failure[0] != '\0' ? turn->failure : LOST "Try again later.";
}

struct jmh_turn_stats jmh_turn_stats(const struct jmh_turn *turn)
{
    return turn->stats;
}
