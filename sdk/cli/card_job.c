/* Jobs of cards; see card_job.h. */
#include "card_job.h"

#include "exchange.h"
#include "json.h"
#include "stop.h"

#include <junmai/sdk/path.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STEP_MS 200
#define ASK_EVERY_MS 1000
#define AWAY_TRIES 120 /* half a minute and more for a host that is started again */
#define AWAY_PAUSE_MS 500

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Progress of this import. Its begin is moved to where the host's rate comes out. */
static void on_event(void *user, json_t *event, const char *text)
{
    struct jmc_card_job *job = user;
    struct jmc_progress *progress = &job->progress;
    const char *id = jmc_json_text(event, "import_id");
    const double rate = json_number_value(json_object_get(event, "rate_bytes_per_s"));
    (void)text;
    if (id[0] == '\0' || strcmp(id, jmc_json_text(job->state, "import_id")) != 0) {
        return;
    }
    progress->files_done = (uint64_t)jmc_json_int(event, "files_done");
    progress->files_total = (uint64_t)jmc_json_int(event, "files_total");
    progress->bytes_done = (uint64_t)jmc_json_int(event, "bytes_done");
    progress->bytes_total = (uint64_t)jmc_json_int(event, "bytes_total");
    job->has_ended = progress->files_done == progress->files_total;
    if (rate > 0) {
        progress->started_ms = now_ms() - (int64_t)((double)progress->bytes_done * 1000 / rate);
    }
}

static void on_notice(void *user, json_t *notice)
{
    (void)user;
    (void)notice;
}

void jmc_card_job_init(struct jmc_card_job *job, const struct jmc_cli *cli, const char *path,
                       const char *session)
{
    char *real = realpath(path, NULL);
    *job = (struct jmc_card_job){.cli = cli, .session = session, .multi = curl_multi_init()};
    job->path = jm_path_text(jm_span_of(real != NULL ? real : path));
    free(real);
    jmc_stream_init(&job->stream, cli, job->multi, "photos", "import_progress", NULL);
    job->stream.event = on_event;
    job->stream.notice = on_notice;
    job->stream.user = job;
}

void jmc_card_job_fini(struct jmc_card_job *job)
{
    jmc_stream_fini(&job->stream);
    curl_multi_cleanup(job->multi);
    json_decref(job->state);
    free(job->path);
}

/* A request while the events go on. NULL after a complaint, or without one when asked to stop, and
 * when the host is away and waited for. */
static json_t *ask(struct jmc_card_job *job, const char *path, json_t *document_take, int *exit_out)
{
    struct jmc_exchange exchange;
    json_t *answer = NULL;
    bool goes_on = true;
    *exit_out = JMC_FAILED;
    jmc_exchange_start(&exchange, job->cli, job->multi, path, document_take);
    while (goes_on && !exchange.transfer.finished) {
        goes_on = jmc_transfers_step(job->multi, STEP_MS);
        if (job->is_shown) {
            jmc_progress_show(&job->progress);
        }
    }
    job->is_away = exchange.transfer.finished && !jmc_transfer_is_answered(&exchange.transfer);
    if (exchange.transfer.finished && !(job->is_away && job->is_patient)) {
        answer = jmc_exchange_json(&exchange, job->cli, exit_out);
    }
    jmc_exchange_fini(&exchange);
    return answer;
}

json_t *jmc_card_job_look(struct jmc_card_job *job, int *exit_out)
{
    return ask(job, "/import/card", json_pack("{s:s, s:b}", "path", job->path, "dry_run", 1),
               exit_out);
}

json_t *jmc_card_job_problems(struct jmc_card_job *job, int *exit_out)
{
    const char *id = jmc_json_text(job->state, "import_id");
    if (id[0] == '\0') {
        *exit_out = JMC_OK;
        return json_array();
    }
    char *path = jmc_textf("/import/reports/%s?only=problems", id);
    json_t *report = ask(job, path, NULL, exit_out);
    json_t *verdicts = json_incref(json_object_get(report, "verdicts"));
    json_decref(report);
    free(path);
    return verdicts;
}

/* The state is what the host answers from now on. */
static int take_state(struct jmc_card_job *job, const char *path, json_t *document_take)
{
    int status;
    json_t *state = ask(job, path, document_take, &status);
    if (state != NULL) {
        json_decref(job->state);
        job->state = state;
    }
    return status;
}

/* The same request begins a job, joins the one that runs, and takes up the one that was cut off. */
static int begin(struct jmc_card_job *job)
{
    json_t *request = json_pack("{s:s}", "path", job->path);
    if (job->session != NULL) {
        char *name = jm_path_text(jm_span_of(job->session));
        (void)json_object_set_new(request, "session", json_string(name != NULL ? name : ""));
        free(name);
    }
    job->has_ended = false;
    return take_state(job, "/import/card", request);
}

static int look_again(struct jmc_card_job *job)
{
    char *path = jmc_textf("/import/card/%lld", jmc_json_int(job->state, "card_id"));
    int status = take_state(job, path, NULL);
    for (int i = 0; job->is_away && i < AWAY_TRIES; i++) {
        if (i == 0) {
            (void)jmc_complain("the host has gone; waiting for it to come back");
        }
        if (jmc_stop_wait(AWAY_PAUSE_MS)) {
            break;
        }
        job->is_patient = i + 1 < AWAY_TRIES; /* the last one says what is wrong */
        status = take_state(job, path, NULL);
    }
    job->is_patient = true;
    free(path);
    return status;
}

static bool is_state(const struct jmc_card_job *job, const char *name)
{
    return strcmp(jmc_json_text(job->state, "status"), name) == 0;
}

/* Let the events come, for a second or until they tell of the last file. */
static void hear(struct jmc_card_job *job)
{
    const int64_t until_ms = now_ms() + ASK_EVERY_MS;
    if (!jmc_stream_is_open(&job->stream)) {
        jmc_stream_close(&job->stream);
        jmc_stream_open(&job->stream);
    }
    while (!job->has_ended && now_ms() < until_ms && jmc_transfers_step(job->multi, STEP_MS)) {
        jmc_progress_show(&job->progress);
        if (!jmc_stream_is_open(&job->stream)) {
            (void)jmc_stop_wait(STEP_MS); /* not at once: it may be refused again */
            return;
        }
    }
    job->has_ended = false;
}

static int follow(struct jmc_card_job *job)
{
    int status = begin(job);
    job->is_patient = true;
    while (status == JMC_OK && is_state(job, "running") && !jmc_stop_asked()) {
        hear(job);
        status = look_again(job);
        if (status == JMC_OK && is_state(job, "interrupted")) {
            status = begin(job);
        }
    }
    job->is_patient = false;
    return status;
}

int jmc_card_job_run(struct jmc_card_job *job, uint64_t files, uint64_t bytes)
{
    jmc_stop_watch();
    jmc_progress_start(&job->progress, files, bytes);
    job->progress.is_quiet = job->cli->json;
    job->is_shown = true;
    jmc_stream_open(&job->stream);
    const int status = follow(job);
    jmc_stream_close(&job->stream);
    job->is_shown = false;
    if (status == JMC_OK && !is_state(job, "running")) {
        job->progress.files_done = job->progress.files_total;
        if (is_state(job, "done")) {
            job->progress.bytes_done = job->progress.bytes_total;
        }
    }
    jmc_progress_end(&job->progress);
    return status;
}
