/* Questions: see workshop.h. */
#include "workshop.h"

#include "client/wait.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define LOOK_AGAIN_MS 20
#define PATIENCE_MS 60000

void workshop_open(struct studio *studio_out, json_t *options_take)
{
    json_t *options = options_take ? options_take : json_object();
    json_t *config = json_pack("{s:{s:o}}", "plugins", "queue", options);
    *studio_out = (struct studio){.host = {.process = {.pid_fd = -1, .stdout_fd = -1}}};
    studio_out->folder = studio_folder_new();
    studio_out->config = studio_path(studio_out->folder, "junmai.json");
    studio_write_config(studio_out->config, config);
    json_decref(config);
    studio_out->argv[0] = "--config";
    studio_out->argv[1] = studio_out->config;
    studio_out->argv[2] = "--plugin-dir";
    studio_out->argv[3] = CREW_DIR;
    must(jmt_host_start(&studio_out->host, studio_out->argv));
}

void workshop_submit(const struct studio *studio, const char *kind, char id_out[ID_SIZE])
{
    json_t *answer = ask(studio, 200, "POST", "/queue/submit", json_pack("{s:s}", "kind", kind));
    snprintf(id_out, ID_SIZE, "%s", text_of(answer, "task_id"));
    json_decref(answer);
}

json_t *workshop_photos(const struct studio *studio, int count, double score)
{
    return ask(studio, 200, "POST", "/crew/photos",
               json_pack("{s:i, s:f}", "count", count, "score", score));
}

json_t *workshop_job(const struct studio *studio, const char *id)
{
    char path[64];
    snprintf(path, sizeof path, "/api/jobs/%s", id);
    return ask(studio, 200, "GET", path, NULL);
}

json_t *workshop_wait(const struct studio *studio, const char *id, const char *status)
{
    const int64_t deadline = jmt_deadline_after(PATIENCE_MS);
    for (;;) {
        json_t *job = workshop_job(studio, id);
        if (strcmp(text_of(job, "status"), status) == 0)
            return job;
        if (jmt_clock_ms() > deadline)
            fail_msg("job %s is %s, not %s", id, text_of(job, "status"), status);
        json_decref(job);
        (void)poll(NULL, 0, LOOK_AGAIN_MS);
    }
}

json_t *workshop_lease(const struct studio *studio, const char *kind, const char *holder,
                       int ttl_ms, double wait_s)
{
    json_t *answer = ask(studio, 200, "POST", "/queue/lease",
                         json_pack("{s:s, s:s, s:i, s:f}", "kind", kind, "holder", holder, "ttl_ms",
                                   ttl_ms, "wait", wait_s));
    json_t *job = json_incref(json_object_get(answer, "job"));
    json_decref(answer);
    return json_is_null(job) ? NULL : job;
}

json_t *workshop_report(const struct studio *studio, int status, const char *lease,
                        const char *what, json_t *body_take)
{
    char path[160];
    snprintf(path, sizeof path, "/queue/lease/%s/%s", lease, what);
    return ask(studio, status, "POST", path, body_take);
}

json_int_t workshop_count(const struct studio *studio, const char *status)
{
    json_t *stats = ask(studio, 200, "GET", "/queue/stats", NULL);
    json_int_t count = int_of(object_of(stats, "jobs_by_status"), status);
    json_decref(stats);
    return count;
}

void workshop_wait_count(const struct studio *studio, const char *status, json_int_t count,
                         int timeout_ms)
{
    const int64_t deadline = jmt_deadline_after(timeout_ms);
    json_int_t seen;
    while ((seen = workshop_count(studio, status)) != count) {
        if (jmt_clock_ms() > deadline)
            fail_msg("%lld jobs are %s, not %lld", (long long)seen, status, (long long)count);
        (void)poll(NULL, 0, LOOK_AGAIN_MS);
    }
}
