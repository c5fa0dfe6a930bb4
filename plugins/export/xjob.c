/* Jobs of the queue as XJOB of the wire contract. */
#include "jobs.h"
#include "outputs.h"

#define LIST_MAX 100000

static json_t *member(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return value == NULL ? json_null() : json_incref(value);
}

/* Where the file is, or will be. */
static json_t *output_path(const struct export_core *core, const json_t *job)
{
    const json_t *result = json_object_get(job, "result");
    json_t *path = json_object_get(result, "output_path");
    if (path != NULL)
        return json_incref(path);
    struct export_record record;
    const char *id = json_string_value(json_object_get(job, "id"));
    bool found = id != NULL && export_record_find(core, id, &record) == JM_OK && record.known;
    return found ? json_string(record.path) : json_null();
}

json_t *export_xjob(const struct export_core *core, const json_t *job)
{
    const json_t *config = json_object_get(job, "config");
    json_t *xjob = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", member(job, "id"), "photo_id",
        member(job, "photo_id"), "preset_name", member(config, "preset"), "status",
        member(job, "status"), "created_at", member(job, "created_at"), "started_at",
        member(job, "started_at"), "completed_at", member(job, "completed_at"), "output_path",
        output_path(core, job), "error_message", member(job, "error_message"));
    json_object_set(xjob, "progress", json_object_get(job, "progress"));
    return xjob;
}

static bool is_export(const json_t *job)
{
    const char *kind = json_string_value(json_object_get(job, "kind"));
    return kind != NULL &&
           (strcmp(kind, EXPORT_KIND_LOCAL) == 0 || strcmp(kind, EXPORT_KIND_REMOTE) == 0);
}

jm_status export_job_read(const struct export_core *core, const char *job, json_t **json_out)
{
    const queue_service *queue = export_queue(core);
    *json_out = NULL;
    if (queue == NULL)
        return export_queue_away(core);
    jm_status status =
        queue->get(export_queue_data(core), jm_span_of(job), export_take_json, json_out);
    if (status == JM_OK && is_export(*json_out))
        return JM_OK;
    json_decref(*json_out);
    *json_out = NULL;
    if (status == JM_OK || status == JM_ENOENT || status == JM_EINVAL)
        return export_fail(core, JM_ENOENT, "Export job not found: %s", job);
    return export_fail_by_queue(core, status);
}

/* Ids are time-ordered. */
static int compare_ids(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a;
    const json_t *right = *(json_t *const *)b;
    return strcmp(export_preset_text(left, "id"), export_preset_text(right, "id"));
}

static jm_status append_kind(const struct export_core *core, const char *kind, const char *status,
                             json_t *jobs)
{
    const queue_service *queue = export_queue(core);
    json_t *found = NULL;
    jm_status result = queue->list(export_queue_data(core), jm_span_of(kind), (jm_span){NULL, 0},
                                   jm_span_of(status), LIST_MAX, export_take_json, &found);
    if (result == JM_OK)
        json_array_extend(jobs, found);
    json_decref(found);
    return result < 0 ? export_fail_by_queue(core, result) : JM_OK;
}

static json_t *sorted_xjobs(const struct export_core *core, const json_t *jobs)
{
    size_t count = json_array_size(jobs);
    json_t *xjobs = json_array();
    json_t **items = calloc(count + 1, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++)
        items[i] = json_array_get(jobs, i);
    if (items != NULL)
        qsort(items, count, sizeof *items, compare_ids);
    for (size_t i = 0; items != NULL && i < count; i++)
        json_array_append_new(xjobs, export_xjob(core, items[i]));
    free(items);
    return xjobs;
}

jm_status export_jobs_list(const struct export_core *core, const char *status, json_t **xjobs_out)
{
    json_t *jobs = json_array();
    *xjobs_out = NULL;
    jm_status result = export_queue(core) == NULL ? export_queue_away(core) : JM_OK;
    if (result == JM_OK)
        result = append_kind(core, EXPORT_KIND_LOCAL, status, jobs);
    if (result == JM_OK)
        result = append_kind(core, EXPORT_KIND_REMOTE, status, jobs);
    if (result == JM_OK)
        *xjobs_out = sorted_xjobs(core, jobs);
    json_decref(jobs);
    return result;
}
