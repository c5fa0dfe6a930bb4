/*
 * Killing, at random, the host, a worker, or a remote executor with its leases, while jobs run. At the
 * end each job is completed exactly once, the events that were kept tell the same story as the table,
 * and the database is whole.
 */
#include "dice.h"
#include "listen.h"
#include "workshop.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS 1000
#define STEPS_MAX 60
#define LEASE_MS 300
#define PATIENCE_MS 300000

struct chaos {
    struct studio studio;
    struct dice dice;
    int hosts, workers, remotes; /* that were killed */
};

/* One job of the remote executor, or none: it is done, or the executor dies with it. */
static bool work(struct chaos *chaos, bool dies, double wait_s)
{
    json_t *job = workshop_lease(&chaos->studio, "remote", dies ? "mortal" : "steady",
                                 dies ? LEASE_MS : 60000, wait_s);
    if (job && !dies)
        json_decref(workshop_report(&chaos->studio, 200, text_of(job, "lease"), "complete",
                                    json_pack("{s:{s:b}}", "result", "done", 1)));
    json_decref(job);
    return job != NULL;
}

static void kill_host(struct chaos *chaos)
{
    jmt_host_kill(&chaos->studio.host);
    must(jmt_host_restart(&chaos->studio.host));
    chaos->hosts++;
}

/* A worker of the host that this test has started. */
static void kill_worker(struct chaos *chaos)
{
    json_t *answer = ask(&chaos->studio, 200, "GET", "/queue/workers", NULL);
    json_t *processes = list_of(object_of(object_of(answer, "workers"), "local"), "processes");
    size_t count = json_array_size(processes);
    if (count > 0) {
        unsigned chosen = dice_roll(&chaos->dice, (unsigned)count);
        (void)kill((pid_t)int_of(json_array_get(processes, chosen), "pid"), SIGKILL);
        chaos->workers++;
    }
    json_decref(answer);
}

static void kill_remote(struct chaos *chaos)
{
    for (unsigned i = dice_roll(&chaos->dice, 20); i > 0; i--)
        (void)work(chaos, true, 0);
    chaos->remotes++;
}

static void one_round(struct chaos *chaos, int jobs)
{
    json_decref(ask(&chaos->studio, 200, "POST", "/crew/jobs",
                    json_pack("{s:s, s:i}", "kind", "brief", "count", jobs / 2)));
    json_decref(ask(&chaos->studio, 200, "POST", "/crew/jobs",
                    json_pack("{s:s, s:i}", "kind", "remote", "count", jobs - jobs / 2)));
    for (unsigned i = dice_roll(&chaos->dice, STEPS_MAX); i > 0; i--)
        (void)work(chaos, false, 0);
    switch (dice_roll(&chaos->dice, 3)) {
    case 0:
        kill_host(chaos);
        break;
    case 1:
        kill_worker(chaos);
        break;
    default:
        kill_remote(chaos);
        break;
    }
}

static void finish(struct chaos *chaos)
{
    while (work(chaos, false, 2))
        continue;
    workshop_wait_count(&chaos->studio, "completed", JOBS, PATIENCE_MS);
    assert_int_equal(workshop_count(&chaos->studio, "pending"), 0);
    assert_int_equal(workshop_count(&chaos->studio, "failed"), 0);
}

/* Of all attempts of a job the last one, and no other, has completed it. */
static void check_job(const struct chaos *chaos, const char *id)
{
    json_t *job = workshop_job(&chaos->studio, id);
    json_t *attempts = list_of(job, "attempts");
    size_t last = json_array_size(attempts) - 1;
    size_t i;
    json_t *attempt;
    expect_text(job, "status", "completed");
    json_array_foreach(attempts, i, attempt)
    {
        bool has_completed = strcmp(text_of(attempt, "outcome"), "completed") == 0;
        assert_int_equal(has_completed, i == last);
    }
    json_decref(job);
}

static void check_jobs(const struct chaos *chaos)
{
    size_t i;
    json_t *job;
    json_t *list = ask(&chaos->studio, 200, "GET", "/api/jobs?limit=1000", NULL);
    assert_int_equal(json_array_size(list_of(list, "jobs")), JOBS);
    json_array_foreach(list_of(list, "jobs"), i, job) check_job(chaos, text_of(job, "id"));
    json_decref(list);
}

/* The state in which an event leaves a job; the test fails where it may not come in this one. */
static const char *follow(const char *id, const char *type, const char *state)
{
    static const struct {
        const char *type, *from, *to;
    } steps[] = {
        {"job_created", "none", "pending"},
        {"job_started", "pending", "processing"},
        {"job_completed", "processing", "completed"},
        {"job_requeued", "processing", "pending"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (strcmp(type, steps[i].type) == 0 && strcmp(state, steps[i].from) == 0)
            return steps[i].to;
    fail_msg("job %s had %s while it was %s", id, type, state);
    return NULL;
}

static void check_events(const struct chaos *chaos)
{
    struct jmt_ws ws;
    json_t *welcome = listen_welcome(&ws, &chaos->studio);
    json_t *states = json_object();
    json_t *confirmation;
    int completed = 0;
    must(jmt_ws_subscribe_with(&ws,
                               json_pack("{s:s, s:[s], s:i, s:s}", "type", "subscribe", "channels",
                                         "jobs", "since", 0, "epoch", text_of(welcome, "epoch")),
                               &confirmation));
    assert_true(bool_of(confirmation, "recovered"));
    while (completed < JOBS) {
        json_t *event;
        must(jmt_ws_receive_json(&ws, &event, LISTEN_MS));
        const char *id = text_of(event, "job_id");
        const char *type = text_of(event, "type");
        const char *state = json_string_value(json_object_get(states, id));
        if (strcmp(type, "job_progress") != 0) {
            state = follow(id, type, state ? state : "none");
            json_object_set_new(states, id, json_string(state));
            completed += strcmp(state, "completed") == 0;
        }
        json_decref(event);
    }
    listen_quiet(&ws);
    assert_int_equal(json_object_size(states), JOBS);
    json_decref(confirmation);
    json_decref(states);
    json_decref(welcome);
    jmt_ws_fini(&ws);
}

static int take_verdict(void *user, int count, char **texts, char **names)
{
    (void)count;
    (void)names;
    snprintf(user, 64, "%s", texts[0]);
    return 0;
}

static void check_database(const struct chaos *chaos)
{
    char *path = studio_path(chaos->studio.host.data_dir, "junmai.db");
    char verdict[64] = "";
    sqlite3 *db;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA integrity_check", take_verdict, verdict, NULL),
                     SQLITE_OK);
    assert_string_equal(verdict, "ok");
    sqlite3_close(db);
    free(path);
}

static void nothing_is_lost_or_done_twice(void **state)
{
    struct chaos chaos = {.hosts = 0};
    int rounds = studio_rounds(3, 30);
    (void)state;
    dice_init(&chaos.dice, "queue_chaos");
    workshop_open(&chaos.studio, json_pack("{s:i, s:i, s:[s]}", "retry_base_ms", 0, "max_attempts",
                                           100, "concurrency", "4"));
    for (int i = 0; i < rounds; i++)
        one_round(&chaos, JOBS * (i + 1) / rounds - JOBS * i / rounds);
    finish(&chaos);
    check_jobs(&chaos);
    check_events(&chaos);
    must(jmt_host_stop(&chaos.studio.host));
    check_database(&chaos);
    print_message("killed: %d hosts, %d workers, %d remote executors\n", chaos.hosts, chaos.workers,
                  chaos.remotes);
    studio_drop(&chaos.studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_or_done_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
