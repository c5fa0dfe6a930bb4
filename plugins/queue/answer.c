/* Shared by the routes. */
#include "answer.h"

#include "query.h"

jm_status answer(const struct queue *q, const jm_request *request, int32_t http_status,
                 json_t *json_take)
{
    return jm_json_respond(q->api.http, q->api.host, request->id, http_status, json_take);
}

jm_status answer_status(const struct queue *q, const jm_request *request, jm_status status)
{
    if (status == JM_ESTATE)
        (void)q->api.http->respond_error(q->api.host, request->id, 409,
                                         q->api.error->last(q->api.host));
    return status;
}

jm_status answer_job(const struct queue *q, const jm_request *request, const char *name,
                     struct job *job_out)
{
    jm_span id = {NULL, 0};
    (void)q->api.http->get_param(q->api.host, request->id, name, &id);
    return job_load(q, id, job_out);
}

int64_t answer_number(const struct queue *q, const jm_request *request, const char *name)
{
    jm_span text = {NULL, 0};
    int64_t number = 0;
    (void)q->api.http->get_param(q->api.host, request->id, name, &text);
    return jm_span_to_int(text, &number) ? number : 0;
}

jm_query answer_query(const struct queue *q, const jm_request *request)
{
    return (jm_query){q->api.host, q->api.http, q->api.error, request->id};
}

jm_status answer_range(const struct queue *q, const jm_request *request, int64_t *limit_out,
                       int64_t *offset_out)
{
    jm_query query = answer_query(q, request);
    jm_status status = jm_query_int(&query, "limit", 0, limit_out);
    if (status == JM_OK && offset_out != NULL)
        status = jm_query_int(&query, "offset", 0, offset_out);
    if (*limit_out > QUERY_MAX)
        *limit_out = QUERY_MAX;
    return status;
}

json_t *answer_now(const struct queue *q)
{
    return job_time(queue_now_ms(q));
}
