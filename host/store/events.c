/* The durable event log: append, retention, size; see events.h. Owned by the store, on the loop
 * thread. Retention removes from the front only, so that what is left has no hole. */
#include "host/store/events.h"

#include "host/store/impl.h"
#include "host/util/span.h"

static jm_status take_size(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    struct jmh_events_size *size = user;
    size->events = (uint64_t)columns[0].integer;
    size->bytes = (uint64_t)columns[1].integer;
    return JM_OK;
}

static jm_status take_trimmed(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    return jmh_trimmed_raise(user, columns[0].bytes, (uint64_t)columns[1].integer) ? JM_OK
                                                                                   : JM_ENOMEM;
}

jm_status jmh_events_load(struct jmh_store *store, struct jmh_err *err)
{
    struct jmh_events *events = &store->events;
    jm_status status = jmh_store_exec(store, NULL, "SELECT events, bytes FROM junmai_events_size",
                                      NULL, 0, take_size, &events->size, NULL, err);
    if (status == JM_OK) {
        status = jmh_store_exec(store, NULL, "SELECT channel, seq FROM junmai_trimmed", NULL, 0,
                                take_trimmed, &events->trimmed, NULL, err);
    }
    jmh_events_end_turn(events, true);
    if (status == JM_ENOMEM) {
        return jmh_err_set(err, status, "There is no memory for the positions of the event log");
    }
    return status;
}

void jmh_events_fini(struct jmh_events *events)
{
    jmh_replay_fini(events);
    jmh_trimmed_fini(&events->trimmed);
}

jm_status jmh_events_flush(struct jmh_store *store, struct jmh_err *err)
{
    const struct jmh_events_size *size = &store->events.size;
    const struct jmh_events_size *committed = &store->events.committed;
    if (size->events == committed->events && size->bytes == committed->bytes) {
        return JM_OK;
    }
    const jm_value args[] = {jmh_value_int((int64_t)size->events),
                             jmh_value_int((int64_t)size->bytes)};
    return jmh_store_exec(store, NULL, "UPDATE junmai_events_size SET events = ?1, bytes = ?2",
                          args, 2, NULL, NULL, NULL, err);
}

void jmh_events_end_turn(struct jmh_events *events, bool is_committed)
{
    if (is_committed) {
        events->committed = events->size;
        jmh_trimmed_commit(&events->trimmed);
    } else {
        events->size = events->committed;
        jmh_trimmed_abort(&events->trimmed);
    }
}

void jmh_events_begin_call(struct jmh_events *events)
{
    events->at_call = events->size;
}

void jmh_events_abort_call(struct jmh_events *events)
{
    events->size = events->at_call;
}

jm_status jmh_store_append(struct jmh_store *store, const struct jmh_stored_event *event,
                           struct jmh_err *err)
{
    const jm_value args[] = {
        jmh_value_int((int64_t)event->seq), jmh_value_int(event->utc_ms),
        jmh_value_text(event->channel),     jmh_value_text(event->type),
        jmh_value_text(event->body),
    };
    jm_status status =
        jmh_store_exec(store, NULL,
                       "INSERT INTO junmai_events (seq, utc_ms, channel, type, body) "
                       "VALUES (?1, ?2, ?3, ?4, ?5)",
                       args, 5, NULL, NULL, NULL, err);
    if (status == JM_OK) {
        store->events.size.events++;
        store->events.size.bytes += event->body.len;
    }
    return status;
}

uint64_t jmh_store_trimmed(const struct jmh_store *store, const char *channel)
{
    const struct jmh_trimmed *trimmed = &store->events.trimmed;
    if (channel[0] == '\0') {
        return jmh_trimmed_highest(trimmed);
    }
    const uint64_t own = jmh_trimmed_of(trimmed, channel);
    const uint64_t of_everybody = jmh_trimmed_of(trimmed, "");
    return own > of_everybody ? own : of_everybody;
}

/* What one call of retention removes: all up to `last_seq`. */
struct harvest {
    int64_t oldest_utc_ms;
    uint64_t max_bytes;
    int64_t batch;
    uint64_t kept_bytes;
    int64_t count;
    uint64_t last_seq;
    struct jmh_trimmed channels;
    bool out_of_memory;
};

static bool take_event(void *user, const struct jmh_stored_event *event)
{
    struct harvest *harvest = user;
    const bool is_old = event->utc_ms < harvest->oldest_utc_ms;
    const bool is_too_much = harvest->kept_bytes > harvest->max_bytes;
    if (harvest->count == harvest->batch || (!is_old && !is_too_much)) {
        return false;
    }
    if (!jmh_trimmed_raise(&harvest->channels, event->channel, event->seq)) {
        harvest->out_of_memory = true;
        return false;
    }
    /* The size can be less than the sum only where somebody has edited the file by hand. */
    const uint64_t bytes = event->body.len;
    harvest->kept_bytes -= bytes < harvest->kept_bytes ? bytes : harvest->kept_bytes;
    harvest->last_seq = event->seq;
    harvest->count++;
    return true;
}

static jm_status remove_events(struct jmh_store *store, const struct harvest *harvest,
                               struct jmh_err *err)
{
    struct jmh_events *events = &store->events;
    const jm_value last = jmh_value_int((int64_t)harvest->last_seq);
    jm_status status = jmh_store_exec(store, NULL, "DELETE FROM junmai_events WHERE seq <= ?1",
                                      &last, 1, NULL, NULL, NULL, err);
    for (size_t i = 0; i < harvest->channels.count && status == JM_OK; i++) {
        const struct jmh_trimmed_channel *channel = &harvest->channels.channels[i];
        const jm_value args[] = {jmh_value_text(jmh_span(channel->name)),
                                 jmh_value_int((int64_t)channel->seq)};
        status = jmh_store_exec(store, NULL,
                                "INSERT INTO junmai_trimmed (channel, seq) VALUES (?1, ?2) "
                                "ON CONFLICT (channel) DO UPDATE SET seq = excluded.seq",
                                args, 2, NULL, NULL, NULL, err);
        if (status == JM_OK &&
            !jmh_trimmed_raise(&events->trimmed, jmh_span(channel->name), channel->seq)) {
            status = jmh_err_set(err, JM_ENOMEM, "There is no memory to trim the event log");
        }
    }
    if (status == JM_OK) {
        events->size.events -= (uint64_t)harvest->count;
        events->size.bytes = harvest->kept_bytes;
    }
    return status;
}

int64_t jmh_store_trim(struct jmh_store *store, int64_t oldest_utc_ms, uint64_t max_bytes,
                       int64_t batch, struct jmh_err *err)
{
    if (store->transaction.in_call) {
        return jmh_err_set(err, JM_ESTATE, "The event log cannot be trimmed from within a call");
    }
    const bool is_own = !jmh_store_is_dirty(store);
    struct harvest harvest = {.oldest_utc_ms = oldest_utc_ms,
                              .max_bytes = max_bytes,
                              .batch = batch,
                              .kept_bytes = store->events.size.bytes};
    jm_status status = jmh_store_replay(store, NULL, 0, 0, UINT64_MAX, take_event, &harvest, err);
    if (status == JM_OK && harvest.out_of_memory) {
        status = jmh_err_set(err, JM_ENOMEM, "There is no memory to trim the event log");
    }
    if (status == JM_OK && harvest.count > 0) {
        jmh_store_begin_call(store);
        status = remove_events(store, &harvest, err);
        (void)jmh_store_end_call(store, status == JM_OK);
    }
    jmh_trimmed_fini(&harvest.channels);
    if (is_own) {
        const jm_status committed = jmh_store_commit(store, status == JM_OK ? err : NULL);
        status = status == JM_OK ? committed : status;
    }
    return status == JM_OK ? harvest.count : status;
}
