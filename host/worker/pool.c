/* The pool of worker processes: which task begins where, and what becomes of it. [loop]
 *
 * Everything happens in two places: pump(), which a timer calls after anything has changed, and the
 * events of a child. run() and cancel() only note what is wanted and ask for the pump; so no callback
 * ever runs from within them. */
#include "host/worker/pool.h"

#include "host/util/idmap.h"
#include "host/util/span.h"
#include "host/util/time.h"
#include "host/util/trace.h"
#include "host/worker/child.h"
#include "host/worker/verdict.h"
#include "host/worker/waiting.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES_MAX 256
/* After a failed start the next one waits, longer each time. */
#define START_DELAY_FIRST_MS 500
#define START_DELAY_MAX_MS 30000

struct jmh_pool {
    struct jmh_loop *loop;
    char *program;
    struct jmh_pool_options options;
    struct jmh_timer *pump_timer;  /* the pump is about to run */
    struct jmh_timer *start_timer; /* the pump runs again when the delay is over */
    struct jmh_idmap tasks;        /* by id, all that are not done */
    jm_id last_id;
    struct jmh_waiting waiting;
    struct jmh_task_list cancelled; /* taken from the waiting, done() still to come */
    struct jmh_child **children;
    uint32_t child_count;
    uint32_t start_delay_ms;  /* after a failed start; 0 once a worker has done a task */
    struct jmh_err start_err; /* why it failed */
    struct jmh_pool_stats stats;
};

static void pump(void *user);

static void ask_pump(struct jmh_pool *pool)
{
    if (pool->pump_timer == NULL) {
        pool->pump_timer = jmh_timer_start(pool->loop, 0, 0, pump, pool);
    }
}

/* The end of a task that is in no list and on no child. */
static void conclude(struct jmh_pool *pool, struct jmh_task *task, jm_status status, jm_span text)
{
    (void)jmh_idmap_take(&pool->tasks, task->id);
    task->events.done(task->events.user, task->id, status, text);
    jmh_task_free(task);
}

static uint32_t count_state(const struct jmh_pool *pool, enum jmh_child_state state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < pool->child_count; i++) {
        count += pool->children[i]->state == state;
    }
    return count;
}

static void on_ready(void *user, struct jmh_child *child)
{
    (void)child;
    ask_pump(user);
}

static void on_progress(void *user, struct jmh_child *child, double percent, jm_span detail_json)
{
    (void)user;
    const struct jmh_task *task = child->task;
    if (task->events.progress != NULL && !task->cancelled) {
        task->events.progress(task->events.user, task->id, percent, detail_json);
    }
}

static void on_done(void *user, struct jmh_child *child, jm_status status, jm_span text)
{
    struct jmh_pool *pool = user;
    struct jmh_task *task = child->task;
    child->task = NULL;
    task->child = NULL;
    pool->start_delay_ms = 0;
    uint64_t *counter = status == JM_OK           ? &pool->stats.completed
                        : status == JM_ECANCELLED ? &pool->stats.cancelled
                                                  : &pool->stats.failed;
    ++*counter;
    ask_pump(pool);
    conclude(pool, task, status, text);
}

/* The worker of a task has ended before the task had. */
static void on_task_lost(struct jmh_pool *pool, struct jmh_task *task, struct jmh_child_end end)
{
    task->child = NULL;
    task->crashes++;
    struct jmh_err verdict;
    jmh_verdict(task, end, &verdict);
    bool is_crash = verdict.code == JM_ECRASHED;
    pool->stats.crashed += is_crash;
    if (is_crash && task->crashes < JMH_TASK_ATTEMPTS_MAX) {
        jmh_trace(JM_LOG_WARNING, "pool", "%s; it is tried once more", verdict.text);
        jmh_waiting_put_back(&pool->waiting, task);
        return;
    }
    pool->stats.poisoned += is_crash;
    pool->stats.timed_out += verdict.code == JM_ETIMEDOUT;
    pool->stats.cancelled += verdict.code == JM_ECANCELLED;
    pool->stats.failed += verdict.code == JM_ENOMEM;
    conclude(pool, task, verdict.code, jmh_span(verdict.text));
}

static void on_start_delay_over(void *user)
{
    struct jmh_pool *pool = user;
    pool->start_timer = NULL;
    ask_pump(pool);
}

/* The reason is in start_err. */
static void on_start_failed(struct jmh_pool *pool)
{
    uint32_t delay_ms = pool->start_delay_ms * 2;
    delay_ms = delay_ms < START_DELAY_FIRST_MS ? START_DELAY_FIRST_MS : delay_ms;
    pool->start_delay_ms = delay_ms < START_DELAY_MAX_MS ? delay_ms : START_DELAY_MAX_MS;
    jmh_trace(JM_LOG_ERROR, "pool", "%s; the next start is tried in %u ms", pool->start_err.text,
              pool->start_delay_ms);
    jmh_timer_stop(pool->start_timer);
    pool->start_timer =
        jmh_timer_start(pool->loop, pool->start_delay_ms, 0, on_start_delay_over, pool);
}

static void remove_child(struct jmh_pool *pool, const struct jmh_child *child)
{
    for (uint32_t i = 0; i < pool->child_count; i++) {
        if (pool->children[i] == child) {
            pool->children[i] = pool->children[--pool->child_count];
            return;
        }
    }
}

static void on_ended(void *user, struct jmh_child *child, struct jmh_child_end end)
{
    struct jmh_pool *pool = user;
    struct jmh_task *task = child->task;
    if (child->tasks_begun == 0 && end.kill != JMH_CHILD_KILLED_RETIRED) {
        char how[JMH_ERR_BYTES / 4];
        jmh_verdict_start(end, how, sizeof how);
        (void)jmh_err_set(&pool->start_err, JM_EIO,
                          "the worker program %.300s %s: look for its words in the log",
                          pool->program, how);
        on_start_failed(pool);
    }
    remove_child(pool, child);
    jmh_child_free(child);
    ask_pump(pool);
    if (task != NULL) {
        on_task_lost(pool, task, end);
    }
}

static const struct jmh_child_events child_events = {
    .ready = on_ready,
    .progress = on_progress,
    .done = on_done,
    .ended = on_ended,
};

/* An idle child that may run the task; better one that has its object. */
static struct jmh_child *find_child(const struct jmh_pool *pool, const struct jmh_task *task,
                                    const struct jmh_build *build)
{
    struct jmh_child *found = NULL;
    for (uint32_t i = 0; i < pool->child_count; i++) {
        struct jmh_child *child = pool->children[i];
        if (child->state == JMH_CHILD_IDLE && jmh_child_fits(child, task, build)) {
            found = child;
            if (jmh_child_knows(child, task)) {
                break;
            }
        }
    }
    return found;
}

/* Give the first task that an idle child may run to that child; false where there is none. */
static bool assign_one(struct jmh_pool *pool)
{
    if (count_state(pool, JMH_CHILD_IDLE) == 0) {
        return false;
    }
    struct jmh_task *task = jmh_waiting_first(&pool->waiting);
    for (; task != NULL; task = jmh_waiting_next(&pool->waiting, task)) {
        struct jmh_build build;
        /* Where there is no file the worker finds the words. */
        const struct jmh_build *known = jmh_build_read(task->object, &build) ? &build : NULL;
        struct jmh_child *child = find_child(pool, task, known);
        if (child == NULL) {
            continue;
        }
        jmh_waiting_remove(&pool->waiting, task);
        if (task->crashes > 0) {
            jmh_task_rewind(task);
        }
        task->child = child;
        pool->stats.started++;
        if (jmh_child_run(child, task, known) != JM_OK) {
            task->child = NULL;
            pool->stats.failed++;
            conclude(pool, task, JM_ENOMEM, jmh_span("the host is out of memory for the task"));
        }
        return true;
    }
    return false;
}

static bool start_child(struct jmh_pool *pool)
{
    struct jmh_child *child =
        jmh_child_start(pool->loop, pool->program, &child_events, pool, &pool->start_err);
    if (child == NULL) {
        on_start_failed(pool);
        return false;
    }
    pool->children[pool->child_count++] = child;
    return true;
}

/* As many new children as tasks wait. Where the pool is full, idle children make room: those that are
 * still idle may run none of these tasks. */
static void start_children(struct jmh_pool *pool)
{
    uint32_t coming = count_state(pool, JMH_CHILD_STARTING);
    while (coming < pool->waiting.count && pool->child_count < pool->options.processes) {
        if (!start_child(pool)) {
            return;
        }
        coming++;
    }
    coming += count_state(pool, JMH_CHILD_ENDING);
    for (uint32_t i = 0; i < pool->child_count && coming < pool->waiting.count; i++) {
        if (pool->children[i]->state == JMH_CHILD_IDLE) {
            jmh_child_retire(pool->children[i]);
            coming++;
        }
    }
}

/* No worker runs and none can be started: whoever waits is told why. What done() adds meanwhile waits
 * for the next call of the pump. */
static void fail_waiting(struct jmh_pool *pool)
{
    for (uint32_t count = pool->waiting.count; count > 0; count--) {
        struct jmh_task *task = jmh_waiting_first(&pool->waiting);
        if (task == NULL) {
            return;
        }
        jmh_waiting_remove(&pool->waiting, task);
        pool->stats.failed++;
        conclude(pool, task, pool->start_err.code, jmh_span(pool->start_err.text));
    }
}

static void conclude_cancelled(struct jmh_pool *pool)
{
    for (uint32_t count = pool->cancelled.count; count > 0; count--) {
        struct jmh_task *task = pool->cancelled.first;
        jmh_task_list_remove(&pool->cancelled, task);
        pool->stats.cancelled++;
        conclude(pool, task, JM_ECANCELLED, jmh_span("the task was cancelled before it began"));
    }
}

static void pump(void *user)
{
    struct jmh_pool *pool = user;
    pool->pump_timer = NULL;
    conclude_cancelled(pool);
    while (assign_one(pool)) {
    }
    if (pool->start_timer == NULL) {
        start_children(pool);
    }
    if (pool->child_count == 0 && pool->start_timer != NULL) {
        fail_waiting(pool);
    }
}

static uint32_t count_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? (uint32_t)cores : 1;
}

struct jmh_pool *jmh_pool_new(struct jmh_loop *loop, const struct jmh_pool_options *options)
{
    struct jmh_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return NULL;
    }
    pool->loop = loop;
    pool->options = *options;
    uint32_t processes = options->processes > 0 ? options->processes : count_cores();
    pool->options.processes = processes < PROCESSES_MAX ? processes : PROCESSES_MAX;
    pool->program = strdup(options->program);
    pool->children = calloc(pool->options.processes, sizeof(struct jmh_child *));
    if (pool->program == NULL || pool->children == NULL) {
        jmh_pool_free(pool);
        return NULL;
    }
    pool->options.program = pool->program;
    return pool;
}

void jmh_pool_free(struct jmh_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    jmh_timer_stop(pool->pump_timer);
    jmh_timer_stop(pool->start_timer);
    for (uint32_t i = 0; i < pool->child_count; i++) {
        jmh_child_free(pool->children[i]);
    }
    size_t cursor = 0;
    for (struct jmh_task *task; (task = jmh_idmap_next(&pool->tasks, &cursor)) != NULL;) {
        jmh_task_free(task);
    }
    jmh_idmap_fini(&pool->tasks);
    free(pool->children);
    free(pool->program);
    free(pool);
}

jm_status jmh_pool_run(struct jmh_pool *pool, const char *object, const jm_task *task,
                       const struct jmh_task_events *events, jm_id *task_out, struct jmh_err *err)
{
    uint32_t held = pool->waiting.count + pool->cancelled.count;
    if (held >= pool->options.queue_limit) {
        return jmh_err_set(err, JM_ENOMEM,
                           "%u tasks wait for a worker, which is the configured limit: "
                           "try again when some have ended",
                           held);
    }
    struct jmh_task *copy;
    jm_status status = jmh_task_new(object, task, events, &pool->options, &copy, err);
    if (status != JM_OK) {
        return status;
    }
    copy->id = pool->last_id + 1;
    if (!jmh_idmap_put(&pool->tasks, copy->id, copy)) {
        jmh_task_free(copy);
        return jmh_err_set(err, JM_ENOMEM, "out of memory for task %.200s", task->name);
    }
    pool->last_id = copy->id;
    jmh_waiting_add(&pool->waiting, copy);
    ask_pump(pool);
    *task_out = copy->id;
    return JM_OK;
}

jm_status jmh_pool_cancel(struct jmh_pool *pool, jm_id task_id)
{
    struct jmh_task *task = jmh_idmap_get(&pool->tasks, task_id);
    if (task == NULL) {
        return JM_EGONE;
    }
    if (task->cancelled) {
        return JM_OK;
    }
    task->cancelled = true;
    if (task->child != NULL) {
        jmh_child_cancel(task->child);
    } else {
        jmh_waiting_remove(&pool->waiting, task);
        jmh_task_list_append(&pool->cancelled, task);
        ask_pump(pool);
    }
    return JM_OK;
}

struct jmh_pool_stats jmh_pool_stats(const struct jmh_pool *pool)
{
    struct jmh_pool_stats stats = pool->stats;
    stats.processes = pool->child_count;
    stats.busy = count_state(pool, JMH_CHILD_BUSY);
    stats.waiting = pool->waiting.count;
    return stats;
}

size_t jmh_pool_workers(const struct jmh_pool *pool, struct jmh_worker_info *info_out, size_t cap)
{
    uint64_t now_ms = jmh_time_monotonic_ms();
    size_t count = 0;
    for (uint32_t i = 0; i < pool->child_count && count < cap; i++) {
        const struct jmh_child *child = pool->children[i];
        if (child->process == NULL) {
            continue;
        }
        bool is_busy = child->task != NULL;
        info_out[count++] = (struct jmh_worker_info){
            .pid = jmh_process_pid(child->process),
            .label = is_busy ? child->task->label : NULL,
            .busy_ms = is_busy ? now_ms - child->busy_since_ms : 0,
        };
    }
    return count;
}
