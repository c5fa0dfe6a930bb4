/* A list, the oldest first. */
#include "waiting.h"

#define WAITERS_MAX 1024
#define SERVE_AT_ONCE 64

struct waiter {
    struct waiter *next;
    jm_id request;
    uint64_t until_ms;
    int64_t ttl_ms;
    char *texts; /* the holder and the kinds, each with its NUL */
    jm_span holder;
    size_t kind_count;
    jm_span kinds[];
};

static void waiter_free(struct waiter *waiter)
{
    free(waiter->texts);
    free(waiter);
}

static jm_span keep(char **at, jm_span text)
{
    jm_span kept = {*at, text.len};
    memcpy(*at, text.ptr, text.len);
    (*at)[text.len] = '\0';
    *at += text.len + 1;
    return kept;
}

static struct waiter *waiter_new(const struct lease_wish *wish)
{
    struct waiter *waiter = calloc(1, sizeof(*waiter) + wish->kind_count * sizeof(jm_span));
    size_t size = wish->holder.len + 1;
    for (size_t i = 0; i < wish->kind_count; i++)
        size += wish->kinds[i].len + 1;
    char *at = malloc(size);
    if (waiter == NULL || at == NULL) {
        free(waiter);
        free(at);
        return NULL;
    }
    waiter->texts = at;
    waiter->holder = keep(&at, wish->holder);
    waiter->ttl_ms = wish->ttl_ms;
    waiter->kind_count = wish->kind_count;
    for (size_t i = 0; i < wish->kind_count; i++)
        waiter->kinds[i] = keep(&at, wish->kinds[i]);
    return waiter;
}

jm_status waiting_add(struct queue *q, jm_id request, const struct lease_wish *wish,
                      int64_t wait_ms)
{
    struct waiter **end = &q->waiters;
    size_t count = 0;
    for (; *end != NULL; end = &(*end)->next)
        count++;
    if (count >= WAITERS_MAX)
        return queue_fail(q, JM_EBUSY, "%d requests wait for jobs already; try again", WAITERS_MAX);
    struct waiter *waiter = waiter_new(wish);
    if (waiter == NULL)
        return JM_ENOMEM;
    waiter->request = request;
    waiter->until_ms = q->api.clock->monotonic_ms(q->api.host) + (uint64_t)wait_ms;
    *end = waiter;
    return JM_OK;
}

jm_status waiting_answer(struct queue *q, jm_id request, json_t *job_take)
{
    json_t *job = job_take == NULL ? json_null() : job_take;
    return jm_json_respond(q->api.http, q->api.host, request, 200,
                           json_pack("{s:b, s:o}", "success", 1, "job", job));
}

/* A client that has left gets no job: it would have to expire. */
static bool is_there(const struct queue *q, jm_id request)
{
    return q->api.http->set_header(q->api.host, request, "Cache-Control", JM_SPAN("no-store")) !=
           JM_EGONE;
}

static jm_status serve(struct queue *q, struct waiter **place, bool *more_out, bool *served_out)
{
    struct waiter *waiter = *place;
    const struct lease_wish wish = {waiter->kinds, waiter->kind_count, waiter->holder,
                                    waiter->ttl_ms};
    json_t *job = NULL;
    jm_status status = JM_OK;
    bool has_left = !is_there(q, waiter->request);
    if (!has_left)
        status = lease_take(q, &wish, &job, more_out);
    *served_out = has_left || job != NULL;
    if (!*served_out)
        return status;
    *place = waiter->next;
    if (job != NULL)
        status = waiting_answer(q, waiter->request, job);
    waiter_free(waiter);
    return status;
}

jm_status waiting_serve(struct queue *q, bool *more_out)
{
    struct waiter **place = &q->waiters;
    jm_status status = JM_OK;
    int served = 0;
    while (status == JM_OK && *place != NULL && served < SERVE_AT_ONCE) {
        bool is_served = false;
        status = serve(q, place, more_out, &is_served);
        if (is_served)
            served++;
        else
            place = &(*place)->next;
    }
    if (served == SERVE_AT_ONCE)
        *more_out = true;
    return status;
}

static void answer_until(struct queue *q, uint64_t now_ms)
{
    struct waiter **place = &q->waiters;
    while (*place != NULL) {
        struct waiter *waiter = *place;
        if (waiter->until_ms > now_ms) {
            place = &waiter->next;
            continue;
        }
        *place = waiter->next;
        (void)waiting_answer(q, waiter->request, NULL);
        waiter_free(waiter);
    }
}

void waiting_expire(struct queue *q)
{
    answer_until(q, q->api.clock->monotonic_ms(q->api.host));
}

void waiting_end(struct queue *q)
{
    answer_until(q, UINT64_MAX);
}
