/* Workers are this machine and each holder of leases. What this machine's processes take (processor
 * time, memory) is measured for this process and its children, the junmai-worker processes. */
#include "workers.h"

#include "counts.h"
#include "dispatch.h"
#include "job.h"
#include "processes.h"
#include "registry.h"

#define ACTIVE_MAX 1000

/* The array of a key, made where it is not there. */
static json_t *array_of(json_t *object, const char *key)
{
    json_t *array = json_object_get(object, key);
    if (array == NULL) {
        array = json_array();
        json_object_set_new(object, key, array);
    }
    return array;
}

static void add_once(json_t *array, const char *text)
{
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value)
    {
        if (strcmp(json_string_value(value), text) == 0)
            return;
    }
    json_array_append_new(array, json_string(text));
}

static jm_status take_active(void *user, const jm_value *columns, size_t count)
{
    json_t *json = user;
    struct job job;
    char holder[320] = "local";
    (void)count;
    job_read(columns, &job);
    if (!jm_span_absent(job.holder))
        snprintf(holder, sizeof(holder), "remote:%.*s", JM_SPAN_ARGS(job.holder));
    char kind[80];
    snprintf(kind, sizeof(kind), "%.*s", JM_SPAN_ARGS(job.kind));
    json_t *task =
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:f, s:i}", "id", job.id, "kind", kind, "photo_id",
                  job_ref(job.photo), "started_at", job_time(job.started_ms), "stage",
                  job_text(job.stage), "progress", job.percent, "attempt", job.attempt);
    json_array_append_new(array_of(json_object_get(json, "active_tasks"), holder), task);
    add_once(array_of(json_object_get(json, "registered_tasks"), holder), kind);
    return JM_OK;
}

static jm_status add_active(const struct queue *q, json_t *json)
{
    const jm_value args[] = {JM_INT(ACTIVE_MAX)};
    return queue_select(q,
                        "SELECT " JOB_COLUMNS JOB_FROM "WHERE j.state = 2 ORDER BY j.num LIMIT ?1",
                        args, 1, take_active, json);
}

static void add_executors(const struct queue *q, json_t *json)
{
    const struct executor *executor;
    json_t *kinds = json_object_get(json, "kinds");
    size_t at = 0;
    while ((executor = registry_next(q, &at)) != NULL) {
        int64_t limit = options_kind_limit(&q->options, jm_span_of(executor->kind));
        bool is_remote = executor->start == NULL;
        if (!is_remote)
            add_once(array_of(json_object_get(json, "registered_tasks"), "local"), executor->kind);
        json_t *kind = json_pack(
            "{s:s, s:s, s:I, s:i, s:i}", "executor", is_remote ? "remote" : "local", "label",
            executor->label, "concurrency", (json_int_t)(limit > 0 ? limit : executor->concurrency),
            "pending", 0, "processing", 0);
        json_object_set_new(kinds, executor->kind, kind);
    }
}

/* Numbers of each kind, and those that nobody does. */
static jm_status add_counts(const struct queue *q, json_t *json)
{
    json_t *counts = NULL;
    json_t *kinds = json_object_get(json, "kinds");
    json_t *value;
    const char *kind;
    jm_status status = counts_by_kind(q, &counts);
    json_object_foreach(counts, kind, value)
    {
        json_t *entry = json_object_get(kinds, kind);
        bool is_busy = json_integer_value(json_object_get(value, "pending")) > 0 ||
                       json_integer_value(json_object_get(value, "processing")) > 0;
        if (entry == NULL && !is_busy)
            continue;
        if (entry == NULL) {
            entry = json_pack("{s:n, s:n, s:i}", "executor", "label", "concurrency", 0);
            json_object_set_new(kinds, kind, entry);
            json_array_append_new(json_object_get(json, "unattended_kinds"), json_string(kind));
        }
        json_object_update(entry, value);
    }
    json_decref(counts);
    return status;
}

/* A name for each that has or may have tasks. */
static jm_status add_workers(const struct queue *q, json_t *json)
{
    json_t *workers = json_object_get(json, "workers");
    json_t *active = json_object_get(json, "active_tasks");
    const char *name;
    json_t *tasks;
    json_t *local = processes_describe();
    if (local == NULL)
        return JM_ENOMEM;
    json_object_set_new(local, "places", json_integer((json_int_t)dispatch_concurrency(q)));
    json_object_set_new(workers, "local", local);
    (void)array_of(active, "local");
    json_object_foreach(active, name, tasks)
    {
        json_t *entry = json_object_get(workers, name);
        if (entry == NULL) {
            entry = json_object();
            json_object_set_new(workers, name, entry);
        }
        json_object_set_new(entry, "status", json_string("ok"));
        json_object_set_new(entry, "running", json_integer((json_int_t)json_array_size(tasks)));
    }
    return JM_OK;
}

jm_status workers_describe(const struct queue *q, json_t **json_out)
{
    json_t *json = json_pack("{s:{}, s:{}, s:{}, s:{}, s:[]}", "workers", "active_tasks",
                             "registered_tasks", "kinds", "unattended_kinds");
    if (json == NULL)
        return JM_ENOMEM;
    add_executors(q, json);
    jm_status status = add_active(q, json);
    if (status == JM_OK)
        status = add_counts(q, json);
    if (status == JM_OK)
        status = add_workers(q, json);
    if (status < 0)
        json_decref(json);
    else
        *json_out = json;
    return status;
}
