/* Two passes over one list. */
#include "bulk.h"

#include "after.h"
#include "check.h"
#include "photo.h"
#include "slices.h"
#include "submit.h"

struct bulk {
    struct slices slices;
    struct queue *q;
    jm_id request;
    queue_submission common; /* its texts are owned */
    int64_t *photos;         /* owned */
    size_t count;
    size_t looked; /* how far each pass is */
    size_t made;
    bulk_answer_fn answer;
    json_t *ids; /* owned */
};

static void bulk_free(void *user)
{
    struct bulk *bulk = user;
    slices_remove(&bulk->slices);
    free((char *)bulk->common.kind.ptr);
    free((char *)bulk->common.config.ptr);
    free((char *)bulk->common.key.ptr);
    free(bulk->photos);
    json_decref(bulk->ids);
    free(bulk);
}

static bool keep(jm_span *text)
{
    if (jm_span_absent(*text))
        return true;
    text->ptr = jm_span_dup(*text);
    return text->ptr != NULL;
}

/* With a key each job has one of its own, so that the same request gives the same jobs. */
static jm_status make_one(struct bulk *bulk)
{
    queue_submission submission = bulk->common;
    char key[CHECK_KEY_BYTES + 32];
    char id[QUEUE_ID_SIZE];
    submission.photo = bulk->photos[bulk->made];
    if (!jm_span_absent(submission.key)) {
        snprintf(key, sizeof(key), "%.*s/%zu", JM_SPAN_ARGS(submission.key), bulk->made);
        submission.key = jm_span_of(key);
    }
    jm_status status = submit_one(bulk->q, &submission, id, NULL);
    if (status == JM_OK && json_array_append_new(bulk->ids, json_string(id)) < 0)
        status = JM_ENOMEM;
    bulk->made++;
    return status;
}

static jm_status do_slice(struct bulk *bulk)
{
    struct photo_facts facts;
    jm_status status = JM_OK;
    uint64_t end_ms = after_slice_end_ms(bulk->q);
    while (status == JM_OK && bulk->made < bulk->count && !after_slice_is_over(bulk->q, end_ms)) {
        if (bulk->looked < bulk->count)
            status = photo_read(bulk->q, bulk->photos[bulk->looked++], &facts);
        else
            status = make_one(bulk);
    }
    return status;
}

static int32_t http_status(jm_status status)
{
    switch (status) {
    case JM_EINVAL:
        return 400;
    case JM_ENOENT:
        return 404;
    default:
        return 503;
    }
}

static jm_status on_slice(void *user, jm_id timer)
{
    struct bulk *bulk = user;
    struct queue *q = bulk->q;
    (void)timer;
    jm_status status = do_slice(bulk);
    if (status == JM_OK && bulk->made < bulk->count) {
        status = after_soon(q, "make jobs", on_slice, bulk);
        if (status == JM_OK)
            return status;
    }
    if (status == JM_OK)
        (void)jm_json_respond(q->api.http, q->api.host, bulk->request, 200,
                              bulk->answer(&bulk->common, bulk->ids));
    else
        (void)q->api.http->respond_error(q->api.host, bulk->request, http_status(status),
                                         q->api.error->last(q->api.host));
    /* Where nothing was made nothing has to be taken back. */
    bool is_clean = bulk->made == 0;
    bulk_free(bulk);
    return is_clean ? JM_OK : status;
}

jm_status bulk_start(struct queue *q, jm_id request, const queue_submission *common,
                     int64_t *photos_take, size_t count, bool is_known, bulk_answer_fn answer)
{
    struct bulk *bulk = calloc(1, sizeof(*bulk));
    if (bulk == NULL) {
        free(photos_take);
        return JM_ENOMEM;
    }
    *bulk = (struct bulk){
        .slices = {.end = bulk_free, .owner = bulk},
        .q = q,
        .request = request,
        .common = *common,
        .photos = photos_take,
        .count = count,
        .looked = is_known ? count : 0,
        .answer = answer,
        .ids = json_array(),
    };
    slices_add(q, &bulk->slices);
    bool kept = keep(&bulk->common.kind);
    kept = keep(&bulk->common.config) && kept;
    kept = keep(&bulk->common.key) && kept;
    if (kept && bulk->ids != NULL)
        return on_slice(bulk, 0);
    bulk_free(bulk);
    return JM_ENOMEM;
}
