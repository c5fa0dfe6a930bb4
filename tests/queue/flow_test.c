/* Many jobs over a few workers while clients watch: each job's events are in a legal order, each job
 * completes once, and the numbers agree at the end. */
#include "workshop.h"

#include "client/wait.h"
#include "client/ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS 2000
#define WATCHERS 3
#define PATIENCE_MS 300000

/* What a watcher has seen of a job. */
enum seen { SEEN_NOTHING, SEEN_CREATED, SEEN_STARTED, SEEN_COMPLETED };

struct watcher {
    struct jmt_ws ws;
    json_t *jobs; /* id: enum seen */
    int completed;
    json_t *counts; /* the last queue_status */
};

static void must_follow(const char *id, const char *type, json_int_t before, json_int_t wanted)
{
    if (before != wanted)
        fail_msg("%s of job %s came when it was at %lld", type, id, (long long)before);
}

static void note(struct watcher *watcher, json_t *event)
{
    const char *type = json_string_value(json_object_get(event, "type"));
    const char *id = json_string_value(json_object_get(event, "job_id"));
    if (strcmp(type, "queue_status") == 0) {
        json_decref(watcher->counts);
        watcher->counts = json_incref(event);
        return;
    }
    if (!id)
        return;
    json_int_t seen = json_integer_value(json_object_get(watcher->jobs, id));
    if (strcmp(type, "job_created") == 0) {
        must_follow(id, type, seen, SEEN_NOTHING);
        seen = SEEN_CREATED;
    } else if (strcmp(type, "job_started") == 0) {
        must_follow(id, type, seen, SEEN_CREATED);
        seen = SEEN_STARTED;
    } else if (strcmp(type, "job_progress") == 0) {
        must_follow(id, type, seen, SEEN_STARTED);
    } else if (strcmp(type, "job_completed") == 0) {
        must_follow(id, type, seen, SEEN_STARTED);
        seen = SEEN_COMPLETED;
        watcher->completed++;
    } else {
        fail_msg("job %s has an event %s", id, type);
    }
    json_object_set_new(watcher->jobs, id, json_integer(seen));
}

static void watch_to_the_end(struct watcher *watcher)
{
    json_t *event;
    while (watcher->completed < JOBS || !watcher->counts ||
           json_integer_value(json_object_get(watcher->counts, "completed")) < JOBS) {
        must(jmt_ws_receive_json(&watcher->ws, &event, PATIENCE_MS));
        note(watcher, event);
        json_decref(event);
    }
}

static void open_watcher(struct watcher *watcher, const struct studio *studio)
{
    *watcher = (struct watcher){.jobs = json_object()};
    must(jmt_ws_open(&watcher->ws, studio->host.port, NULL));
    must(jmt_ws_subscribe(&watcher->ws, "jobs,queue", NULL));
}

static void close_watcher(struct watcher *watcher)
{
    jmt_ws_fini(&watcher->ws);
    json_decref(watcher->jobs);
    json_decref(watcher->counts);
}

static void two_thousand_jobs(void **state)
{
    struct studio studio;
    struct watcher watchers[WATCHERS];
    (void)state;
    workshop_open(&studio, json_pack("{s:[s]}", "concurrency", "4"));
    for (int i = 0; i < WATCHERS; i++)
        open_watcher(&watchers[i], &studio);
    json_decref(ask(&studio, 200, "POST", "/crew/jobs",
                    json_pack("{s:s, s:i}", "kind", "brief", "count", JOBS)));
    for (int i = 0; i < WATCHERS; i++)
        watch_to_the_end(&watchers[i]);
    for (int i = 0; i < WATCHERS; i++) {
        assert_int_equal(json_object_size(watchers[i].jobs), JOBS);
        expect_int(watchers[i].counts, "pending", 0);
        expect_int(watchers[i].counts, "processing", 0);
        expect_int(watchers[i].counts, "failed", 0);
        expect_int(watchers[i].counts, "total", JOBS);
        close_watcher(&watchers[i]);
    }
    assert_int_equal(workshop_count(&studio, "completed"), JOBS);
    assert_int_equal(workshop_count(&studio, "pending"), 0);
    studio_close(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_thousand_jobs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
