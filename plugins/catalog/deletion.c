/* A timer that fires as long as rows of catalog_deletions name a session. What it works on is read
 * from the store each time, so that neither a kill nor a turn that is taken back confuses it. A session
 * that waits for its end has another name already: its own is free for a new one. */
#include "deletion.h"

#include "events.h"
#include "rows.h"
#include "sessions.h"

#define SLICE_PHOTOS 100
#define BUDGET_MS 5
/* Not 0: a timer that is due at once would fire again before anybody else has their turn. */
#define SOON_MS 1
#define RETRY_MS 1000

struct catalog_waiter {
    struct catalog_waiter *next;
    int64_t session;
    jm_id request;
};

static jm_status on_timer(void *user, jm_id timer);

static jm_status arm(struct catalog *catalog, uint64_t delay_ms)
{
    if (catalog->deletion_timer != 0)
        return JM_OK;
    return catalog->timer->start(catalog->host, "delete a session", delay_ms, 0, on_timer, catalog,
                                 &catalog->deletion_timer);
}

/* One that has left meanwhile needs no answer. */
static jm_status answer(const struct catalog *catalog, jm_id request, int64_t session)
{
    jm_status status =
        jm_json_respond(catalog->http, catalog->host, request, 200,
                        json_pack("{s:s, s:I}", "message", "Session deleted successfully",
                                  "session_id", (json_int_t)session));
    return status == JM_EGONE ? JM_OK : status;
}

static jm_status wait_for(struct catalog *catalog, int64_t session, jm_id request)
{
    struct catalog_waiter *waiter = malloc(sizeof(*waiter));
    if (waiter == NULL)
        return JM_ENOMEM;
    *waiter = (struct catalog_waiter){catalog->deletion_waiters, session, request};
    catalog->deletion_waiters = waiter;
    return JM_OK;
}

static jm_status answer_waiters(struct catalog *catalog, int64_t session)
{
    jm_status status = JM_OK;
    struct catalog_waiter **at = &catalog->deletion_waiters;
    while (*at != NULL) {
        struct catalog_waiter *waiter = *at;
        if (waiter->session != session) {
            at = &waiter->next;
            continue;
        }
        if (status == JM_OK)
            status = answer(catalog, waiter->request, session);
        *at = waiter->next;
        free(waiter);
    }
    return status;
}

static jm_status delete_slice(const struct catalog *catalog, int64_t session, int64_t *count_out)
{
    jm_value args[] = {JM_INT(session), JM_INT(SLICE_PHOTOS)};
    jm_exec_result result = {0};
    jm_status status =
        catalog->store->exec(catalog->host,
                             "DELETE FROM catalog_photos WHERE id IN"
                             " (SELECT id FROM catalog_photos WHERE session_id = ?1 LIMIT ?2)",
                             args, JM_COUNT(args), NULL, NULL, &result);
    *count_out = result.changes;
    return status;
}

/* The session itself, which has no photographs any more. */
static jm_status finish(const struct catalog *catalog, int64_t session, jm_span name)
{
    jm_value args[] = {JM_INT(session)};
    jm_status status = catalog->store->exec(
        catalog->host, "DELETE FROM catalog_sessions WHERE id = ?1", args, 1, NULL, NULL, NULL);
    return status == JM_OK ? catalog_event_session_deleted(catalog, session, name) : status;
}

struct due {
    int64_t session; /* 0: none */
    char *name;
};

static jm_status take_due(void *user, const jm_value *columns, size_t count)
{
    struct due *due = user;
    (void)count;
    due->session = columns[0].integer;
    due->name = jm_span_dup(columns[1].bytes);
    return due->name == NULL ? JM_ENOMEM : JM_OK;
}

/* Delete a slice of the session that has waited longest; *found_out is false where none waits. */
static jm_status step(struct catalog *catalog, bool *found_out)
{
    struct due due = {.session = 0};
    int64_t count = 0;
    jm_status status = catalog->store->exec(catalog->host,
                                            "SELECT session_id, name FROM catalog_deletions"
                                            " ORDER BY session_id LIMIT 1",
                                            NULL, 0, take_due, &due, NULL);
    *found_out = due.session != 0;
    if (status == JM_OK && *found_out)
        status = delete_slice(catalog, due.session, &count);
    if (status == JM_OK && *found_out && count < SLICE_PHOTOS) {
        status = finish(catalog, due.session, jm_span_of(due.name));
        if (status == JM_OK)
            status = answer_waiters(catalog, due.session);
    }
    free(due.name);
    return status;
}

static jm_status on_timer(void *user, jm_id timer)
{
    struct catalog *catalog = user;
    uint64_t end_ms = catalog->clock->monotonic_ms(catalog->host) + BUDGET_MS;
    bool found = true;
    jm_status status = JM_OK;
    (void)timer;
    catalog->deletion_timer = 0;
    do
        status = step(catalog, &found);
    while (status == JM_OK && found && catalog->clock->monotonic_ms(catalog->host) < end_ms);
    if (status < 0)
        (void)arm(catalog, RETRY_MS);
    else if (found)
        status = arm(catalog, SOON_MS);
    return status;
}

static jm_status delete_later(struct catalog *catalog, int64_t session)
{
    jm_value args[] = {JM_INT(session)};
    jm_status status = catalog->store->exec(catalog->host,
                                            "INSERT OR IGNORE INTO catalog_deletions"
                                            " SELECT id, name FROM catalog_sessions WHERE id = ?1",
                                            args, 1, NULL, NULL, NULL);
    if (status == JM_OK)
        status = catalog->store->exec(catalog->host,
                                      "UPDATE catalog_sessions SET name ="
                                      " name || ' (being deleted, ' || id || ')' WHERE id = ?1",
                                      args, 1, NULL, NULL, NULL);
    return status == JM_OK ? arm(catalog, SOON_MS) : status;
}

jm_status catalog_delete_session(struct catalog *catalog, int64_t session, jm_id request)
{
    json_t *json = NULL;
    int64_t count = 0;
    jm_status status = catalog_session_get(catalog, session, &json);
    if (status < 0)
        return status;
    const json_t *name = json_object_get(json, "name");
    if (json_integer_value(json_object_get(json, "total_photos")) >= SLICE_PHOTOS) {
        status = delete_later(catalog, session);
        if (status == JM_OK)
            status = wait_for(catalog, session, request);
    } else {
        status = delete_slice(catalog, session, &count);
        if (status == JM_OK)
            status = finish(catalog, session,
                            (jm_span){json_string_value(name), json_string_length(name)});
        if (status == JM_OK)
            status = answer(catalog, request, session);
    }
    json_decref(json);
    return status;
}

jm_status catalog_deletion_start(struct catalog *catalog)
{
    int64_t waits = 0;
    jm_status status = catalog_rows_integer(
        catalog, "SELECT session_id FROM catalog_deletions LIMIT 1", NULL, 0, &waits);
    return status == JM_OK && waits != 0 ? arm(catalog, SOON_MS) : status;
}

void catalog_deletion_stop(struct catalog *catalog)
{
    if (catalog->deletion_timer != 0)
        (void)catalog->timer->stop(catalog->host, catalog->deletion_timer);
    catalog->deletion_timer = 0;
}

void catalog_deletion_fini(struct catalog *catalog)
{
    while (catalog->deletion_waiters != NULL) {
        struct catalog_waiter *next = catalog->deletion_waiters->next;
        free(catalog->deletion_waiters);
        catalog->deletion_waiters = next;
    }
}
