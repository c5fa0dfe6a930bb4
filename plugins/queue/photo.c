/* Asking and telling the catalog. */
#include "photo.h"

#include <catalog/catalog.h>

#define SESSION_PHOTOS_MAX 1000000

static const catalog_service *catalog_of(const struct queue *q)
{
    return q->catalog->table;
}

static void take_json(void *user, jm_span text)
{
    *(json_t **)user = json_loadb(text.ptr, text.len, 0, NULL);
}

/* The sentence of a failed call becomes ours. */
static jm_status pass_on(const struct queue *q, jm_status status)
{
    jm_span sentence = catalog_of(q)->last_error(q->catalog->provider_data);
    return q->api.error->set(q->api.host, status, sentence);
}

static jm_status get(const struct queue *q, int64_t photo, json_t **json_out)
{
    const catalog_service *catalog = catalog_of(q);
    *json_out = NULL;
    if (catalog == NULL)
        return queue_fail(q, JM_EBUSY, "The catalog is away; try again");
    jm_status status = catalog->get_photo(q->catalog->provider_data, photo, take_json, json_out);
    if (status == JM_ENOENT)
        return queue_fail(q, JM_ENOENT, "Photo not found: %lld", (long long)photo);
    return status < 0 ? pass_on(q, status) : JM_OK;
}

jm_status photo_read(const struct queue *q, int64_t photo, struct photo_facts *facts_out)
{
    json_t *json;
    *facts_out = (struct photo_facts){.ai_score = -1};
    jm_status status = get(q, photo, &json);
    if (status < 0)
        return status;
    const json_t *score = json_object_get(json, "ai_score");
    const char *tag = json_string_value(json_object_get(json, "context_tag"));
    facts_out->session = json_integer_value(json_object_get(json, "session_id"));
    if (json_is_number(score))
        facts_out->ai_score = json_number_value(score);
    snprintf(facts_out->context_tag, sizeof(facts_out->context_tag), "%s", tag == NULL ? "" : tag);
    json_decref(json);
    return JM_OK;
}

int32_t photo_priority(const struct photo_facts *facts, bool user_requested, int64_t age_ms)
{
    const struct order_photo photo = {
        .ai_score = facts->ai_score,
        .context_tag = jm_span_of(facts->context_tag),
        .age_ms = age_ms,
        .user_requested = user_requested,
    };
    return order_formula(&photo);
}

static jm_status update(const struct queue *q, int64_t photo, json_t *fields_take)
{
    jm_span text = jm_json_dump(fields_take);
    json_decref(fields_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status = catalog_of(q)->update_photo(q->catalog->provider_data, photo, text);
    free((char *)text.ptr);
    return status < 0 ? pass_on(q, status) : JM_OK;
}

/* What the photograph becomes; NULL: it stays what it is. */
static const char *next_status(const json_t *photo, const struct job *job)
{
    const char *now = json_string_value(json_object_get(photo, "status"));
    bool is_ours = now != NULL && (strcmp(now, "queued") == 0 || strcmp(now, "processing") == 0);
    if (job->state == QUEUE_PENDING)
        return "queued";
    if (!is_ours)
        return NULL;
    switch (job->state) {
    case QUEUE_PROCESSING:
        return "processing";
    case QUEUE_COMPLETED:
        return "completed";
    case QUEUE_FAILED:
        return "failed";
    default:
        return json_is_number(json_object_get(photo, "ai_score")) ? "analyzed" : "imported";
    }
}

static jm_status follow_status(const struct queue *q, const struct job *job)
{
    json_t *photo;
    jm_status status = get(q, job->photo, &photo);
    const char *next = status < 0 ? NULL : next_status(photo, job);
    if (next != NULL)
        status = update(q, job->photo, json_pack("{s:s}", "status", next));
    json_decref(photo);
    return status;
}

/* The fields of the catalog that the result of an `analyze` job names. */
static jm_status deliver_scores(const struct queue *q, const struct job *job)
{
    static const char *const names[] = {"ai_score",     "focus_score",    "exposure_score",
                                        "subject_type", "detected_faces", "composition_score",
                                        "context_tag",  "selected_preset"};
    json_t *result = job_object(job->result);
    json_t *fields = json_object();
    for (size_t i = 0; i < JM_COUNT(names); i++) {
        json_t *value = json_object_get(result, names[i]);
        if (value != NULL && !json_is_null(value))
            json_object_set(fields, names[i], value);
    }
    bool has_some = json_object_size(fields) > 0;
    json_decref(result);
    if (!has_some) {
        json_decref(fields);
        return JM_OK;
    }
    return update(q, job->photo, fields);
}

jm_status photo_follow(struct queue *q, const struct job *job, int32_t old_state)
{
    jm_status status = JM_OK;
    (void)old_state;
    if (job->photo == 0 || catalog_of(q) == NULL)
        return JM_OK;
    if (jm_span_is(job->kind, "develop"))
        status = follow_status(q, job);
    else if (jm_span_is(job->kind, "analyze") && job->state == QUEUE_COMPLETED)
        status = deliver_scores(q, job);
    if (status < 0 && status != JM_ENOENT) {
        jm_span sentence = q->api.error->last(q->api.host);
        queue_log(q, JM_LOG_WARNING, "photograph %lld does not follow its job %s: %.*s",
                  (long long)job->photo, job->id, JM_SPAN_ARGS(sentence));
    }
    return JM_OK;
}

json_t *photo_summary(const struct queue *q, int64_t photo)
{
    json_t *json;
    if (photo == 0 || get(q, photo, &json) < 0)
        return json_null();
    json_t *summary = json_pack("{s:O, s:O, s:O}", "id", json_object_get(json, "id"), "file_name",
                                json_object_get(json, "file_name"), "ai_score",
                                json_object_get(json, "ai_score"));
    json_decref(json);
    return summary;
}

static jm_status find_session(const struct queue *q, int64_t session)
{
    const catalog_service *catalog = catalog_of(q);
    json_t *json = NULL;
    if (catalog == NULL)
        return queue_fail(q, JM_EBUSY, "The catalog is away; try again");
    jm_status status = catalog->get_session(q->catalog->provider_data, session, take_json, &json);
    json_decref(json);
    if (status == JM_ENOENT)
        return queue_fail(q, JM_ENOENT, "Session not found");
    return status < 0 ? pass_on(q, status) : JM_OK;
}

bool photo_has_session(const struct queue *q, int64_t session)
{
    return find_session(q, session) != JM_ENOENT;
}

static jm_status append_ids(const json_t *photos, double min_score, int64_t **ids, size_t *count)
{
    size_t i;
    json_t *photo;
    int64_t *grown = realloc(*ids, (*count + json_array_size(photos) + 1) * sizeof(**ids));
    if (grown == NULL)
        return JM_ENOMEM;
    *ids = grown;
    json_array_foreach(photos, i, photo)
    {
        const json_t *score = json_object_get(photo, "ai_score");
        if (min_score <= 0 || (json_is_number(score) && json_number_value(score) >= min_score))
            grown[(*count)++] = json_integer_value(json_object_get(photo, "id"));
    }
    return JM_OK;
}

jm_status photo_list_session(const struct queue *q, int64_t session, double min_score,
                             int64_t **ids_out, size_t *count_out)
{
    json_t *json = NULL;
    *ids_out = NULL;
    *count_out = 0;
    jm_status status = find_session(q, session);
    if (status < 0)
        return status;
    status = catalog_of(q)->list_photos(q->catalog->provider_data, session, (jm_span){NULL, 0},
                                        SESSION_PHOTOS_MAX, take_json, &json);
    if (status < 0)
        return pass_on(q, status);
    status = append_ids(json, min_score, ids_out, count_out);
    json_decref(json);
    return status;
}
