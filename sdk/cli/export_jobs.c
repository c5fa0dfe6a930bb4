/* Following exports; see export_jobs.h. An event says that a job has ended; the host is asked for its
 * document then, and now and then also without an event, should one be missed. */
#include "export_jobs.h"

#include "exchange.h"
#include "json.h"
#include "memory.h"
#include "stop.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_EVERY_MS 2000
#define STEP_MS 100
#define RETRY_MS 500

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_event(void *user, json_t *event, const char *text)
{
    struct jmc_export_jobs *jobs = user;
    (void)text;
    if (json_object_get(jobs->open, jmc_json_text(event, "job_id")) != NULL) {
        jobs->looked_ms = 0;
    }
}

static void on_notice(void *user, json_t *notice)
{
    struct jmc_export_jobs *jobs = user;
    (void)notice;
    jobs->looked_ms = 0;
}

void jmc_export_jobs_init(struct jmc_export_jobs *jobs, const struct jmc_cli *cli, CURLM *multi)
{
    *jobs = (struct jmc_export_jobs){
        .cli = cli, .bar = {.is_quiet = cli->json}, .open = json_object(), .ended = json_array()};
    jmc_stream_init(&jobs->stream, cli, multi, "export,jobs",
                    "export_completed,export_failed,job_cancelled", NULL);
    jobs->stream.event = on_event;
    jobs->stream.notice = on_notice;
    jobs->stream.user = jobs;
    jmc_stream_open(&jobs->stream);
}

void jmc_export_jobs_fini(struct jmc_export_jobs *jobs)
{
    jmc_stream_fini(&jobs->stream);
    json_decref(jobs->open);
    json_decref(jobs->ended);
}

void jmc_export_jobs_add(struct jmc_export_jobs *jobs, const json_t *xjob)
{
    (void)json_object_set(jobs->open, jmc_json_text(xjob, "id"), json_object_get(xjob, "photo_id"));
}

void jmc_export_jobs_show(struct jmc_export_jobs *jobs, bool is_last)
{
    const size_t ended = json_array_size(jobs->ended);
    const size_t total = ended + json_object_size(jobs->open);
    char *failures =
        jobs->failed > 0 ? jmc_textf(", %lld failed", jobs->failed) : jmc_text_copy("");
    char *words = jmc_textf("%zu of %zu exports%s", ended, total, failures);
    jmc_bar_show(&jobs->bar, total > 0 ? (double)ended / (double)total : 1, words, is_last);
    free(words);
    free(failures);
}

/* Ask for a job; true when it has ended, which is taken then. */
static bool look_at(struct jmc_export_jobs *jobs, const char *id)
{
    char *path = jmc_textf("/export/auto/job/%s", id);
    json_t *answer = jmc_ask_quietly(jobs->cli, path);
    json_t *xjob = json_object_get(answer, "job");
    const char *status = jmc_json_text(xjob, "status");
    const bool is_completed = strcmp(status, "completed") == 0;
    const bool is_bad = strcmp(status, "failed") == 0 || strcmp(status, "cancelled") == 0;
    if (is_completed || is_bad) {
        (void)json_array_append(jobs->ended, xjob);
        (void)json_object_del(jobs->open, id);
        jobs->failed += is_bad;
    }
    json_decref(answer);
    free(path);
    return is_completed || is_bad;
}

/* Jobs end mostly in the order in which they came: look until there is one that has not. */
static void look(struct jmc_export_jobs *jobs)
{
    void *at;
    bool has_ended = true;
    jobs->looked_ms = now_ms();
    while (has_ended && (at = json_object_iter(jobs->open)) != NULL) {
        char *id = jmc_text_copy(json_object_iter_key(at));
        has_ended = look_at(jobs, id);
        free(id);
        jmc_export_jobs_show(jobs, false);
    }
}

bool jmc_export_jobs_wait(struct jmc_export_jobs *jobs)
{
    struct jmc_stream *stream = &jobs->stream;
    while (json_object_size(jobs->open) > 0) {
        if (jobs->looked_ms == 0 || now_ms() - jobs->looked_ms >= LOOK_EVERY_MS) {
            look(jobs);
        } else if (jmc_stream_is_open(stream)) {
            if (!jmc_transfers_step(stream->multi, STEP_MS)) {
                return false;
            }
        } else if (jmc_stop_wait(RETRY_MS)) {
            return false;
        } else {
            jmc_stream_close(stream);
            jmc_stream_open(stream);
        }
    }
    return true;
}
