/* A queue of work and tasks. */
#include "fake_async.h"

#include "internal.h"

#include <junmai/sdk/span.h>
#include <stdio.h>
#include <unistd.h>

#define JOBS 512
#define TIMERS 8

struct job {
    jm_id id;
    char name[64];
    void *user;
    jm_work_fn work;
    jm_work_done_fn work_done;
    jm_task_done_fn task_done;
    char *request;
    int fds[JM_TASK_MAX_FDS]; /* of a task, duplicated */
    uint32_t fd_count;
};

struct timer {
    jm_id id;
    jm_timer_fn fn;
    void *user;
};

static struct {
    struct fakehost *host;
    const jm_task_entry *tasks;
    struct job jobs[JOBS];
    size_t first, end;
    struct timer timers[TIMERS];
    size_t timer_count;
    jm_id last_id;
    jm_status refusal;
    bool scripted;
    jm_status script_status;
    const char *script_text;
} queue;

static struct job *add_job(const char *name, void *user)
{
    if (queue.end == JOBS) {
        fake_die("fake_async: more than %d jobs", JOBS);
    }
    struct job *job = &queue.jobs[queue.end++];
    *job = (struct job){.id = ++queue.last_id, .user = user};
    snprintf(job->name, sizeof job->name, "%s", name);
    return job;
}

static jm_status submit(const jm_host *host, const char *label, jm_work_fn fn, jm_work_done_fn done,
                        void *user, jm_id *work_out)
{
    if (queue.refusal != JM_OK) {
        return fake_fail(fake_plugin_of(host), queue.refusal, "no more work is taken");
    }
    struct job *job = add_job(label, user);
    job->work = fn;
    job->work_done = done;
    *work_out = job->id;
    return JM_OK;
}

static jm_status run(const jm_host *host, const jm_task *task, jm_id *task_out)
{
    if (queue.refusal != JM_OK) {
        return fake_fail(fake_plugin_of(host), queue.refusal, "no more tasks are taken");
    }
    struct job *job = add_job(task->name, task->user);
    job->task_done = task->done;
    job->request = jm_span_dup(task->request);
    for (; job->fd_count < task->fd_count; job->fd_count++) {
        job->fds[job->fd_count] = dup(task->fds[job->fd_count]);
    }
    *task_out = job->id;
    return JM_OK;
}

static jm_status start_timer(const jm_host *host, const char *label, uint64_t delay_ms,
                             uint64_t repeat_ms, jm_timer_fn fn, void *user, jm_id *timer_out)
{
    (void)host;
    (void)label;
    (void)delay_ms;
    (void)repeat_ms;
    if (queue.timer_count == TIMERS) {
        fake_die("fake_async: more than %d timers", TIMERS);
    }
    *timer_out = ++queue.last_id;
    queue.timers[queue.timer_count++] = (struct timer){*timer_out, fn, user};
    return JM_OK;
}

static jm_status stop_timer(const jm_host *host, jm_id timer)
{
    (void)host;
    for (size_t i = 0; i < queue.timer_count; i++) {
        if (queue.timers[i].id == timer) {
            queue.timers[i] = queue.timers[--queue.timer_count];
            return JM_OK;
        }
    }
    return JM_EGONE;
}

static const jm_host_work work_table = {.size = sizeof(jm_host_work), .submit = submit};
static const jm_host_task task_table = {.size = sizeof(jm_host_task), .run = run};
static const jm_host_timer timer_table = {sizeof(jm_host_timer), start_timer, stop_timer};

void async_init(struct fakehost *host, const jm_task_entry *tasks)
{
    queue.host = host;
    queue.tasks = tasks;
    fakehost_set_extension(host, JM_EXT_WORK, &work_table);
    fakehost_set_extension(host, JM_EXT_TASK, &task_table);
    fakehost_set_extension(host, JM_EXT_TIMER, &timer_table);
}

void async_fini(void)
{
    memset(&queue, 0, sizeof queue);
}

/* One run of a task's function. */
struct task_end {
    jm_status status;
    char *text;
};

static void no_progress(const jm_task_run *task_run, double percent, jm_span detail)
{
    (void)task_run;
    (void)percent;
    (void)detail;
}

static int32_t not_cancelled(const jm_task_run *task_run)
{
    (void)task_run;
    return 0;
}

static void keep_text(const jm_task_run *task_run, jm_span text)
{
    struct task_end *end = task_run->run_data;
    free(end->text);
    end->text = jm_span_dup(text);
}

static jm_status keep_result(const jm_task_run *task_run, jm_span json)
{
    keep_text(task_run, json);
    return JM_OK;
}

static struct task_end run_task(const struct job *job)
{
    struct task_end end = {JM_ENOENT, NULL};
    jm_task_run task_run = {
        .size = sizeof task_run,
        .fd_count = job->fd_count,
        .fds = job->fds,
        .request = jm_span_of(job->request),
        .run_data = &end,
        .progress = no_progress,
        .cancelled = not_cancelled,
        .result = keep_result,
        .fail = keep_text,
    };
    if (queue.scripted) {
        queue.scripted = false;
        return (struct task_end){queue.script_status, strdup(queue.script_text)};
    }
    for (uint32_t i = 0; i < queue.tasks->task_count; i++) {
        if (strcmp(queue.tasks->tasks[i].name, job->name) == 0) {
            end.status = queue.tasks->tasks[i].fn(&task_run);
        }
    }
    return end;
}

bool async_step(void)
{
    if (queue.first == queue.end) {
        return false;
    }
    struct job *job = &queue.jobs[queue.first++];
    jm_status status;
    if (job->work != NULL) {
        jm_status worked = job->work(job->user);
        fakehost_begin(queue.host);
        status = job->work_done(job->user, job->id, worked);
    } else {
        struct task_end end = run_task(job);
        fakehost_begin(queue.host);
        status = job->task_done(job->user, job->id, end.status, jm_span_of(end.text));
        free(end.text);
        free(job->request);
        for (uint32_t i = 0; i < job->fd_count; i++) {
            close(job->fds[i]);
        }
    }
    fakehost_end(queue.host, status == JM_OK);
    return true;
}

void async_run(void)
{
    while (async_step()) {
    }
}

void async_fire_timers(void)
{
    for (size_t i = 0; i < queue.timer_count; i++) {
        fakehost_begin(queue.host);
        jm_status status = queue.timers[i].fn(queue.timers[i].user, queue.timers[i].id);
        fakehost_end(queue.host, status == JM_OK);
    }
}

size_t async_started(const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < queue.end; i++) {
        count += strcmp(queue.jobs[i].name, name) == 0;
    }
    return count;
}

size_t async_timers(void)
{
    return queue.timer_count;
}

void async_script_task(jm_status status, const char *text)
{
    queue.scripted = true;
    queue.script_status = status;
    queue.script_text = text;
}

void async_refuse(jm_status status)
{
    queue.refusal = status;
}
