/* The steps of a job. Loop thread, but for run_open and run_place. */
#include "job.h"

#include "answer.h"
#include "cache.h"
#include "failures.h"
#include "files.h"
#include "trouble.h"
#include "wanted.h"

#include <stdlib.h>

#define REQUEST_TEXT_BYTES 64

struct waiter {
    struct waiter *next;
    jm_id request;
    int size;
};

struct job {
    struct job *next; /* in core->jobs */
    struct preview_core *core;
    struct photo photo;
    struct files files;
    struct waiter *waiters;
    jm_id task;   /* 0: not in RENDER */
    bool running; /* the task has begun, in its worker */
    bool urgent;  /* somebody waits, or has waited */
    bool again;   /* the task was taken back so that it starts as an urgent one */
    bool stopped; /* the task was taken back for good */
};

static jm_status start_render(struct job *job);

struct job *job_of_content(const struct preview_core *core, const char *hash)
{
    struct job *job = core->jobs;
    while (job != NULL && strcmp(job->photo.hash, hash) != 0) {
        job = job->next;
    }
    return job;
}

struct job *job_of_photo(const struct preview_core *core, int64_t photo)
{
    struct job *job = core->jobs;
    while (job != NULL && job->photo.id != photo) {
        job = job->next;
    }
    return job;
}

uint32_t job_background_count(const struct preview_core *core)
{
    uint32_t count = 0;
    for (const struct job *job = core->jobs; job != NULL; job = job->next) {
        count += !job->urgent;
    }
    return count;
}

static void job_free(struct job *job)
{
    while (job->waiters != NULL) {
        struct waiter *waiter = job->waiters;
        job->waiters = waiter->next;
        free(waiter);
    }
    files_fini(&job->files);
    photo_fini(&job->photo);
    free(job);
}

/* Answer everybody; `http_status` 0: the thumbnails are there. Frees `job`. */
static void end(struct job *job, int32_t http_status, jm_span sentence)
{
    struct preview_core *core = job->core;
    struct job **link = &core->jobs;
    while (*link != job) {
        link = &(*link)->next;
    }
    *link = job->next;
    for (const struct waiter *waiter = job->waiters; waiter != NULL; waiter = waiter->next) {
        if (http_status != 0) {
            core->http->respond_error(core->host, waiter->request, http_status, sentence);
        } else if (!answer_from_cache(core, waiter->request, job->photo.hash, waiter->size)) {
            core->http->respond_error(core->host, waiter->request, 503,
                                      JM_SPAN("the thumbnail was removed at once; try again"));
        }
    }
    /* What may succeed later stays wanted. */
    if (http_status != 503) {
        wanted_forget(core, job->photo.id);
    }
    job_free(job);
    wanted_pump(core);
}

static jm_status end_with(struct job *job, int32_t http_status, const char *sentence)
{
    end(job, http_status, jm_span_of(sentence));
    return JM_OK;
}

/* PLACE */
static jm_status run_place(void *user)
{
    struct job *job = user;
    files_place(&job->files);
    return JM_OK;
}

static jm_status on_placed(void *user, jm_id work, jm_status status)
{
    struct job *job = user;
    struct preview_core *core = job->core;
    (void)work;
    if (status < 0) {
        return end_with(job, 503, "thumbnails are not made now; try again in a moment");
    }
    if (job->files.http_status != 0) {
        return end_with(job, job->files.http_status, job->files.text);
    }
    if (cache_add(core, job->photo.hash, job->files.part_bytes) < 0) {
        return end_with(job, 503, "the thumbnail cannot be entered into the store; try again");
    }
    failure_forget(core, job->photo.hash);
    core->metric->add(core->host, core->metrics.made, 1);
    return end_with(job, 0, NULL);
}

/* The file is to blame, or may be. */
static jm_status end_failed(struct job *job, const char *trouble, bool for_ever, jm_span why)
{
    char reason[REASON_BYTES];
    jm_span cut = jm_span_cut(why, REASON_BYTES - 64);
    snprintf(reason, sizeof reason, "this photograph cannot be shown: %.*s", JM_SPAN_ARGS(cut));
    (void)failure_add(job->core, job->photo.hash, reason, for_ever);
    job->core->metric->add(job->core->host, job->core->metrics.failed, 1);
    if (trouble != NULL) {
        trouble_tell(job->core, &job->photo, trouble, reason);
    }
    return end_with(job, 400, reason);
}

static jm_status judge_render(struct job *job, jm_status status, jm_span why)
{
    switch (status) {
    case JM_EINVAL:
    case JM_EUNSUPPORTED:
        return end_failed(job, NULL, true, why);
    case JM_ECRASHED:
        return end_failed(job, "worker_crashed", true, why);
    case JM_ETIMEDOUT:
        return end_failed(job, "worker_timeout", false, why);
    case JM_ENOMEM:
        return end_failed(job, "worker_out_of_memory", false, why);
    default: /* no worker can be started, the cache's disk is full: the file is not to blame */
        end(job, 503, why);
        return JM_OK;
    }
}

static jm_status on_rendered(void *user, jm_id task, jm_status status, jm_span text)
{
    struct job *job = user;
    const struct preview_core *core = job->core;
    jm_id work;
    (void)task;
    job->task = 0;
    if (status == JM_ECANCELLED && job->again && !job->stopped) {
        job->again = false;
        return start_render(job);
    }
    if (status < 0) {
        return judge_render(job, status, text);
    }
    if (core->work->submit(core->host, "place thumbnails", run_place, on_placed, job, &work) < 0) {
        return end_with(job, 503, "thumbnails are not made now; try again in a moment");
    }
    return JM_OK;
}

static jm_status on_progress(void *user, jm_id task, double percent, jm_span detail)
{
    struct job *job = user;
    (void)task;
    (void)percent;
    (void)detail;
    job->running = true;
    return JM_OK;
}

/* RENDER */
static jm_status start_render(struct job *job)
{
    const struct preview_core *core = job->core;
    const struct files *files = &job->files;
    char request[REQUEST_TEXT_BYTES];
    char label[64];
    int fds[1 + PREVIEW_SIZE_COUNT] = {files->source_fd};
    memcpy(fds + 1, files->part_fds, sizeof files->part_fds);
    snprintf(request, sizeof request, "{\"sizes\":[%d,%d,%d]}", preview_sizes[0].edge,
             preview_sizes[1].edge, preview_sizes[2].edge);
    snprintf(label, sizeof label, "thumbnails of photograph %lld", (long long)job->photo.id);
    const jm_task task = {
        .size = sizeof task,
        .priority = job->urgent ? JM_TASK_URGENT : JM_TASK_BACKGROUND,
        .name = "thumbnail",
        .label = label,
        .request = jm_span_of(request),
        .fds = fds,
        .fd_count = JM_COUNT(fds),
        .wall_ms = core->options.wall_ms,
        .memory_mib = core->options.memory_mib + (uint32_t)(files->source_bytes >> 20) + 1,
        .progress = on_progress,
        .done = on_rendered,
        .user = job,
    };
    job->running = false;
    jm_status status = core->task->run(core->host, &task, &job->task);
    if (status < 0) {
        job->task = 0;
        return end_with(job, 503, "thumbnails are not made now; try again in a moment");
    }
    return JM_OK;
}

/* OPEN */
static jm_status run_open(void *user)
{
    struct job *job = user;
    files_open(&job->files, job->photo.path);
    return JM_OK;
}

static jm_status on_opened(void *user, jm_id work, jm_status status)
{
    struct job *job = user;
    (void)work;
    if (status < 0) {
        return end_with(job, 503, "thumbnails are not made now; try again in a moment");
    }
    if (job->files.http_status != 0) {
        return end_with(job, job->files.http_status, job->files.text);
    }
    return start_render(job);
}

/* A job of its own for the content. NULL, with a sentence, where it cannot begin. */
static struct job *start(struct preview_core *core, const struct photo *photo, bool urgent)
{
    jm_id work;
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        preview_fail(core, JM_ENOMEM, "out of memory");
        return NULL;
    }
    *job = (struct job){.core = core, .photo = *photo, .urgent = urgent};
    job->photo.path = jm_span_dup(jm_span_of(photo->path));
    files_init(&job->files, core->folder, job->photo.hash);
    if (job->photo.path == NULL ||
        core->work->submit(core->host, "open a photograph", run_open, on_opened, job, &work) < 0) {
        job_free(job);
        return NULL;
    }
    job->next = core->jobs;
    core->jobs = job;
    return job;
}

/* Somebody waits now: what has not begun goes to the front. */
static void make_urgent(struct job *job)
{
    if (job->urgent) {
        return;
    }
    job->urgent = true;
    if (job->task != 0 && !job->running) {
        job->again = job->core->task->cancel(job->core->host, job->task) == JM_OK;
    }
    /* There is room for another that nobody waits for. */
    wanted_pump(job->core);
}

jm_status job_ask(struct preview_core *core, const struct photo *photo, jm_id request, int size)
{
    struct waiter *waiter = malloc(sizeof *waiter);
    if (waiter == NULL) {
        return preview_fail(core, JM_ENOMEM, "out of memory");
    }
    struct job *job = job_of_content(core, photo->hash);
    if (job == NULL) {
        job = start(core, photo, true);
    }
    if (job == NULL) {
        free(waiter);
        return JM_EBUSY;
    }
    *waiter = (struct waiter){job->waiters, request, size};
    job->waiters = waiter;
    make_urgent(job);
    return JM_OK;
}

jm_status job_background(struct preview_core *core, const struct photo *photo)
{
    return start(core, photo, false) != NULL ? JM_OK : JM_EBUSY;
}

void job_cancel_background(const struct preview_core *core)
{
    for (struct job *job = core->jobs; job != NULL; job = job->next) {
        if (!job->urgent && job->task != 0 && !job->running) {
            job->stopped = true;
            core->task->cancel(core->host, job->task);
        }
    }
}
