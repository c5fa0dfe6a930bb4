/* /queue/priority/…: of one job, of a session, of those that starve, of all. */
#include "answer.h"
#include "change.h"
#include "check.h"
#include "counts.h"
#include "order.h"
#include "photo.h"
#include "routes.h"
#include "sweep.h"

#include <junmai/sdk/routes.h>

#define HOUR_MS 3600000
#define STARVATION_HOURS 12
#define STARVING_BOOST 2
#define SESSION_BOOST 2
#define SHOWN_MAX 1000

static jm_status set_one(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct job job = {0};
    jm_doc doc;
    int32_t priority = 0;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    if (status == JM_OK)
        status = check_priority_in(q, &doc, &priority);
    if (status == JM_OK && priority == 0)
        status = queue_fail(q, JM_EINVAL, "priority is required: an integer between 1 and 10");
    if (status == JM_OK)
        status = answer_job(q, request, "id", &job);
    if (status == JM_OK)
        status = change_priority(q, &job, priority, false, JM_SPAN("requested"));
    if (status == JM_OK)
        status =
            answer(q, request, 200,
                   json_pack("{s:s, s:s, s:i}", "message", "Job priority adjusted successfully",
                             "job_id", job.id, "new_priority", priority));
    job_fini(&job);
    jm_doc_fini(&doc);
    return answer_status(q, request, status);
}

/* Raise a job's priority, at most to the highest. */
static jm_status raise(struct queue *q, struct job *job, int64_t amount, jm_span reason,
                       bool *changed_out)
{
    int32_t raised = job->priority + (int32_t)amount;
    if (raised > PRIORITY_MAX)
        raised = PRIORITY_MAX;
    *changed_out = raised != job->priority;
    return change_priority(q, job, raised, false, reason);
}

static jm_status read_amount(struct queue *q, const jm_request *request, const char *key,
                             int64_t max, const char *sentence, int64_t *amount_out)
{
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    const json_t *value = status == JM_OK ? jm_doc_value(&doc, key) : NULL;
    if (value != NULL) {
        int64_t amount = json_is_integer(value) ? json_integer_value(value) : 0;
        if (amount < 1 || amount > max)
            status = queue_fail(q, JM_EINVAL, "%s", sentence);
        *amount_out = amount;
    }
    jm_doc_fini(&doc);
    return status;
}

static jm_status boost_job(struct queue *q, const struct sweep_plan *plan, struct job *job,
                           bool *changed_out)
{
    return raise(q, job, plan->amount, JM_SPAN("session boost"), changed_out);
}

static json_t *boost_answer(const struct queue *q, const struct sweep_plan *plan, int64_t visited,
                            int64_t changed)
{
    char message[64];
    (void)q;
    snprintf(message, sizeof(message), "Session priority boosted by %lld", (long long)plan->amount);
    return json_pack("{s:s, s:I, s:I, s:I, s:I}", "message", message, "session_id",
                     (json_int_t)plan->session, "boosted_count", (json_int_t)changed, "total_jobs",
                     (json_int_t)visited, "boost_amount", (json_int_t)plan->amount);
}

static jm_status boost_session(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct sweep_plan plan = {
        .session = answer_number(q, request, "session"),
        .amount = SESSION_BOOST,
        .visit = boost_job,
        .answer = boost_answer,
    };
    jm_status status = read_amount(q, request, "boost_amount", 5,
                                   "boost_amount must be an integer between 1 and 5", &plan.amount);
    return status < 0 ? status : sweep_start(q, request->id, &plan);
}

struct starving {
    json_t *list;
    int64_t now_ms;
    int64_t before_ms; /* when the youngest one was made */
};

/* Waiting jobs come in the order of their making: behind the first young one there is none. */
static jm_status take_starving(void *user, const jm_value *columns, size_t count)
{
    struct starving *starving = user;
    const jm_value *c = columns;
    double age_hours = (double)(starving->now_ms - c[3].integer) / HOUR_MS;
    (void)count;
    if (c[3].integer >= starving->before_ms)
        return JM_ECANCELLED;
    return json_array_append_new(starving->list,
                                 json_pack("{s:o, s:o, s:I, s:f, s:o}", "job_id",
                                           jm_json_text(c[0].bytes), "photo_id",
                                           job_ref(c[1].type == JM_VALUE_INT ? c[1].integer : 0),
                                           "priority", (json_int_t)c[2].integer, "age_hours",
                                           age_hours, "created_at", job_time(c[3].integer))) < 0
               ? JM_ENOMEM
               : JM_OK;
}

static jm_status starvation(void *user, const jm_request *request)
{
    const struct queue *q = user;
    const jm_value args[] = {JM_INT(SHOWN_MAX)};
    int64_t hours = STARVATION_HOURS;
    jm_query query = answer_query(q, request);
    jm_status status = jm_query_int(&query, "age_threshold_hours", 0, &hours);
    if (status < 0)
        return status;
    if (hours > INT32_MAX)
        hours = INT32_MAX;
    struct starving starving = {json_array(), queue_now_ms(q), queue_now_ms(q) - hours * HOUR_MS};
    status =
        queue_select(q,
                     "SELECT id, photo_id, priority, created_ms FROM queue_jobs WHERE state = 1"
                     " ORDER BY num LIMIT ?1",
                     args, JM_COUNT(args), take_starving, &starving);
    if (status < 0 && status != JM_ECANCELLED) {
        json_decref(starving.list);
        return status;
    }
    return answer(q, request, 200,
                  json_pack("{s:o, s:I, s:I}", "candidates", starving.list, "count",
                            (json_int_t)json_array_size(starving.list), "age_threshold_hours",
                            (json_int_t)hours));
}

static jm_status boost_starving(struct queue *q, const struct sweep_plan *plan, struct job *job,
                                bool *changed_out)
{
    (void)plan;
    return raise(q, job, STARVING_BOOST, JM_SPAN("starvation"), changed_out);
}

static json_t *auto_boost_answer(const struct queue *q, const struct sweep_plan *plan,
                                 int64_t visited, int64_t changed)
{
    char message[64];
    (void)q;
    snprintf(message, sizeof(message), "Auto-boosted %lld starving jobs", (long long)changed);
    return json_pack("{s:s, s:I, s:I, s:I}", "message", message, "boosted_count",
                     (json_int_t)changed, "candidates", (json_int_t)visited, "threshold_hours",
                     (json_int_t)plan->amount);
}

static jm_status auto_boost(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct sweep_plan plan = {
        .amount = STARVATION_HOURS, .visit = boost_starving, .answer = auto_boost_answer};
    jm_status status = read_amount(q, request, "age_threshold_hours", INT32_MAX,
                                   "age_threshold_hours must be a positive integer", &plan.amount);
    plan.before_ms = queue_now_ms(q) - plan.amount * HOUR_MS;
    return status < 0 ? status : sweep_start(q, request->id, &plan);
}

/* Only priorities that the formula has given: what somebody has said stays. */
static jm_status rebalance_job(struct queue *q, const struct sweep_plan *plan, struct job *job,
                               bool *changed_out)
{
    struct photo_facts facts;
    (void)plan;
    if ((job->flags & JOB_BY_FORMULA) == 0 || job->photo == 0 ||
        photo_read(q, job->photo, &facts) < 0)
        return JM_OK;
    int32_t priority = photo_priority(&facts, (job->flags & (int32_t)QUEUE_USER_REQUESTED) != 0,
                                      queue_now_ms(q) - job->created_ms);
    *changed_out = priority != job->priority;
    return change_priority(q, job, priority, true, JM_SPAN("rebalance"));
}

static json_t *rebalance_answer(const struct queue *q, const struct sweep_plan *plan,
                                int64_t visited, int64_t changed)
{
    (void)plan;
    return json_pack("{s:s, s:I, s:I, s:o}", "message", "Queue priorities rebalanced successfully",
                     "adjusted_count", (json_int_t)changed, "total_pending", (json_int_t)visited,
                     "timestamp", answer_now(q));
}

static jm_status rebalance(void *user, const jm_request *request)
{
    static const struct sweep_plan plan = {.visit = rebalance_job, .answer = rebalance_answer};
    return sweep_start(user, request->id, &plan);
}

static jm_status distribution(void *user, const jm_request *request)
{
    const struct queue *q = user;
    json_t *priorities = NULL;
    json_t *value;
    const char *key;
    json_int_t total = 0;
    double sum = 0;
    jm_status status = counts_by_priority(q, QUEUE_PENDING, &priorities);
    if (status < 0)
        return status;
    json_object_foreach(priorities, key, value)
    {
        total += json_integer_value(value);
        sum += (double)json_integer_value(value) * atoi(key);
    }
    return answer(q, request, 200,
                  json_pack("{s:o, s:I, s:o, s:f}", "by_priority", priorities, "total_pending",
                            total, "timestamp", answer_now(q), "average_priority",
                            total == 0 ? 0.0 : sum / (double)total));
}

static const jm_route routes[] = {
    {.method = "PUT",
     .path = "/queue/priority/{id}",
     .help = "Set the priority of a waiting job, 1 to 10.",
     .fn = set_one},
    {.method = "GET",
     .path = "/queue/priority/distribution",
     .help = "Waiting jobs by priority.",
     .fn = distribution},
    {.method = "POST",
     .path = "/queue/priority/session/{session:int}/boost",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Raise the priority of the waiting jobs of a session.",
     .fn = boost_session},
    {.method = "GET",
     .path = "/queue/priority/starvation",
     .help = "Jobs that have waited long, the oldest first, at most 1000.",
     .query = "age_threshold_hours:int=12",
     .fn = starvation},
    {.method = "POST",
     .path = "/queue/priority/auto-boost",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Raise the priority of jobs that have waited long by 2.",
     .fn = auto_boost},
    {.method = "POST",
     .path = "/queue/priority/rebalance",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Apply the formula anew to waiting jobs whose priority it has given.",
     .fn = rebalance},
};

jm_status priority_routes_add(struct queue *q)
{
    return jm_routes_add(q->api.http, q->api.host, routes, JM_COUNT(routes), q);
}
