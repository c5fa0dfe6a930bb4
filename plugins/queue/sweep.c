/* One slice after another. */
#include "sweep.h"

#include "after.h"
#include "slices.h"

#define SLICE_JOBS 128

struct sweep {
    struct slices slices;
    struct queue *q;
    jm_id request;
    struct sweep_plan plan;
    int64_t after; /* the job that it has come to, and the last one */
    int64_t up_to;
    int64_t visited;
    int64_t changed;
    int64_t nums[SLICE_JOBS]; /* of this slice */
    size_t count;
};

static void sweep_free(void *user)
{
    struct sweep *sweep = user;
    slices_remove(&sweep->slices);
    free(sweep);
}

static jm_status take_number(void *user, const jm_value *columns, size_t count)
{
    struct sweep *sweep = user;
    (void)count;
    if (sweep->count < SLICE_JOBS)
        sweep->nums[sweep->count++] = columns[0].integer;
    return JM_OK;
}

static jm_status find_slice(struct sweep *sweep)
{
    const jm_value args[] = {JM_INT(sweep->after), JM_INT(sweep->up_to), JM_INT(SLICE_JOBS),
                             JM_INT(sweep->plan.session)};
    sweep->count = 0;
    if (sweep->plan.session == 0)
        return queue_select(sweep->q,
                            "SELECT num FROM queue_jobs WHERE state = 1 AND num > ?1 AND num <= ?2"
                            " ORDER BY num LIMIT ?3",
                            args, 3, take_number, sweep);
    return queue_select(sweep->q,
                        "SELECT num FROM queue_jobs WHERE session_id = ?4 AND state = 1"
                        " AND num > ?1 AND num <= ?2 ORDER BY num LIMIT ?3",
                        args, 4, take_number, sweep);
}

/* *done_out is set where the jobs behind this one are too young: they are in the order of their
 * coming. */
static jm_status visit(struct sweep *sweep, int64_t num, bool *done_out)
{
    const struct sweep_plan *plan = &sweep->plan;
    struct job job;
    bool changed = false;
    jm_status status = job_load_num(sweep->q, num, &job);
    if (status == JM_OK && plan->before_ms != 0 && job.created_ms >= plan->before_ms)
        *done_out = true;
    else if (status == JM_OK) {
        status = plan->visit(sweep->q, plan, &job, &changed);
        sweep->visited++;
        sweep->changed += changed;
    }
    job_fini(&job);
    return status;
}

static jm_status do_slice(struct sweep *sweep, bool *done_out)
{
    uint64_t end_ms = after_slice_end_ms(sweep->q);
    jm_status status = find_slice(sweep);
    size_t i = 0;
    for (; i < sweep->count && status == JM_OK && !*done_out; i++) {
        if (after_slice_is_over(sweep->q, end_ms))
            return status;
        status = visit(sweep, sweep->nums[i], done_out);
        sweep->after = sweep->nums[i];
    }
    *done_out = *done_out || sweep->count < SLICE_JOBS;
    return status;
}

/* A client that has left gets no answer, and what was begun for it goes on to its end. */
static jm_status on_slice(void *user, jm_id timer)
{
    struct sweep *sweep = user;
    struct queue *q = sweep->q;
    bool done = false;
    (void)timer;
    jm_status status = do_slice(sweep, &done);
    if (status == JM_OK && !done)
        status = after_soon(q, "change waiting jobs", on_slice, sweep);
    if (status == JM_OK && !done)
        return status;
    if (status == JM_OK)
        (void)jm_json_respond(q->api.http, q->api.host, sweep->request, 200,
                              sweep->plan.answer(q, &sweep->plan, sweep->visited, sweep->changed));
    else
        (void)q->api.http->respond_error(q->api.host, sweep->request, 503,
                                         JM_SPAN("The jobs could not all be changed; try again"));
    sweep_free(sweep);
    return status;
}

jm_status sweep_start(struct queue *q, jm_id request, const struct sweep_plan *plan)
{
    struct sweep *sweep = calloc(1, sizeof(*sweep));
    if (sweep == NULL)
        return JM_ENOMEM;
    sweep->q = q;
    sweep->slices = (struct slices){.end = sweep_free, .owner = sweep};
    slices_add(q, &sweep->slices);
    sweep->request = request;
    sweep->plan = *plan;
    jm_status status =
        queue_select(q, "SELECT max(num) FROM queue_jobs", NULL, 0, jm_row_integer, &sweep->up_to);
    if (status == JM_OK)
        return on_slice(sweep, 0);
    sweep_free(sweep);
    return status;
}
