/* Undoing: what a photograph was before, step by step, with the queue told each time; modifications
 * with their jobs; and that all of it outlives a restart. */
#include "desk.h"

#include <stdio.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    desk_open(&studio, DESK_PLUGINS);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void post(json_int_t photo, const char *verb, json_t *body_take)
{
    json_decref(desk_post(&studio, 200, "/api/approval", photo, verb, body_take));
}

static void undo(json_int_t photo, const char *undone)
{
    json_t *answer = desk_post(&studio, 200, "/api/approval", photo, "undo", NULL);
    expect_int(answer, "photo_id", photo);
    expect_text(answer, "undone", undone);
    expect_int(object_of(answer, "photo"), "id", photo);
    json_decref(answer);
}

static void expect_nothing_to_undo(json_int_t photo)
{
    json_t *answer = desk_post(&studio, 409, "/api/approval", photo, "undo", NULL);
    assert_non_null(strstr(text_of(answer, "error"), "nothing to undo"));
    json_decref(answer);
}

static void test_one_step(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    expect_nothing_to_undo(photo);
    post(photo, "approve", NULL);
    listen_open(&ws, &studio, "photos,approval");
    undo(photo, "approved");
    desk_expect_queue(&ws, &studio, 0);
    listen_quiet(&ws);
    desk_expect(&studio, photo, "completed", false, NULL);
    expect_nothing_to_undo(photo);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_reject_approve_undo_undo(void **state)
{
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    post(photo, "reject", json_pack("{s:s}", "reason", "too dark"));
    post(photo, "approve", NULL);
    post(photo, "approve", NULL);
    undo(photo, "approved");
    desk_expect(&studio, photo, "rejected", false, "too dark");
    undo(photo, "rejected");
    desk_expect(&studio, photo, "completed", false, NULL);
    expect_nothing_to_undo(photo);
}

static void test_approve_reject_undo_then_reject(void **state)
{
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    post(photo, "approve", NULL);
    post(photo, "reject", NULL);
    undo(photo, "rejected");
    desk_expect(&studio, photo, "completed", true, NULL);
    post(photo, "reject", json_pack("{s:s}", "reason", "again"));
    desk_expect(&studio, photo, "rejected", false, "again");
    undo(photo, "rejected");
    undo(photo, "approved");
    desk_expect(&studio, photo, "completed", false, NULL);
}

static void test_a_photograph_that_did_not_wait_goes_back_too(void **state)
{
    char path[64];
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    json_decref(ask(&studio, 200, "PATCH", path, json_pack("{s:s}", "status", "failed")));
    post(photo, "approve", NULL);
    undo(photo, "approved");
    desk_expect(&studio, photo, "failed", false, NULL);
    /* Its job may have ended meanwhile: it must not stay "processing" for ever. */
    json_decref(ask(&studio, 200, "PATCH", path, json_pack("{s:s}", "status", "processing")));
    post(photo, "reject", NULL);
    undo(photo, "rejected");
    desk_expect(&studio, photo, "completed", false, NULL);
}

static void set_preset(json_int_t photo, const char *preset)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    json_decref(ask(&studio, 200, "PATCH", path, json_pack("{s:s}", "selected_preset", preset)));
}

static void expect_preset(json_int_t photo, const char *preset)
{
    json_t *now = desk_look(&studio, photo);
    expect_text(now, "selected_preset", preset);
    json_decref(now);
}

static json_t *warm(void)
{
    return json_pack("{s:s, s:{s:f}}", "new_preset", "Warm", "adjustments", "exposure", 0.5);
}

/* Jobs of that photograph, newest first, with their configuration; the caller's. */
static json_t *jobs_of(json_int_t photo)
{
    char path[96];
    snprintf(path, sizeof path, "/api/jobs?photo_id=%lld", (long long)photo);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    json_t *jobs = json_incref(list_of(answer, "jobs"));
    json_decref(answer);
    return jobs;
}

static void expect_jobs(json_int_t photo, size_t count, const char *status)
{
    json_t *jobs = jobs_of(photo);
    assert_int_equal(json_array_size(jobs), count);
    expect_text(json_array_get(jobs, 0), "status", status);
    json_decref(jobs);
}

static void test_modify_develops_anew(void **state)
{
    struct jmt_ws ws;
    char path[96];
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    set_preset(photo, "Cool");
    listen_open(&ws, &studio, "jobs");
    json_t *answer = desk_post(&studio, 200, "/api/approval", photo, "modify", warm());
    expect_text(answer, "message", "Photo preset modified, re-queued for processing");
    expect_text(answer, "new_preset", "Warm");
    expect_int(answer, "photo_id", photo);
    json_decref(answer);
    json_t *event = NULL;
    must(jmt_ws_wait(&ws, "job_completed", &event, NULL, DESK_MS));
    expect_int(event, "photo_id", photo);
    snprintf(path, sizeof path, "/api/jobs/%s", text_of(event, "job_id"));
    json_decref(event);
    json_t *job = ask(&studio, 200, "GET", path, NULL);
    expect_text(object_of(job, "config"), "preset", "Warm");
    assert_true(number_of(object_of(object_of(job, "config"), "adjustments"), "exposure") == 0.5);
    json_decref(job);
    desk_expect(&studio, photo, "completed", false, NULL);
    expect_preset(photo, "Warm");
    undo(photo, "modified");
    desk_expect(&studio, photo, "completed", false, NULL);
    expect_preset(photo, "Cool");
    jmt_ws_fini(&ws);
}

static void expect_count(struct jmt_ws *ws, json_int_t count)
{
    json_t *event = NULL;
    must(jmt_ws_wait(ws, "approval_queue_updated", &event, NULL, DESK_MS));
    expect_int(event, "queue_count", count);
    json_decref(event);
}

/* It leaves the queue with the request, and is back when its job has ended. */
static void test_the_queue_is_told_when_it_is_developed(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    json_int_t waiting = desk_waiting(&studio);
    listen_open(&ws, &studio, "approval");
    post(photo, "modify", warm());
    expect_count(&ws, waiting - 1);
    expect_count(&ws, waiting);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_undo_cancels_a_job_that_waits(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    json_decref(ask(&studio, 200, "POST", "/queue/pause", NULL));
    post(photo, "approve", NULL);
    listen_open(&ws, &studio, "approval");
    post(photo, "modify", warm());
    desk_expect_queue(&ws, &studio, 0);
    desk_expect(&studio, photo, "queued", false, NULL);
    /* The same again makes no second job, and tells nobody. */
    post(photo, "modify", warm());
    listen_quiet(&ws);
    expect_jobs(photo, 1, "pending");
    /* Another preset takes the place of the first. */
    post(photo, "modify", json_pack("{s:s}", "new_preset", "Faded"));
    expect_jobs(photo, 2, "pending");
    undo(photo, "modified");
    expect_jobs(photo, 2, "cancelled");
    expect_preset(photo, "Warm");
    undo(photo, "modified");
    desk_expect(&studio, photo, "completed", true, NULL);
    undo(photo, "approved");
    desk_expect(&studio, photo, "completed", false, NULL);
    json_decref(ask(&studio, 200, "POST", "/queue/resume", NULL));
    jmt_ws_fini(&ws);
}

static void test_bad_modifications(void **state)
{
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    char path[64];
    snprintf(path, sizeof path, "/api/approval/%lld/modify", (long long)photo);
    ask_refused(&studio, 400, "POST", path, NULL, "new_preset is required");
    ask_refused(&studio, 400, "POST", path, json_pack("{s:s}", "new_preset", ""),
                "new_preset is required");
    ask_refused(&studio, 400, "POST", path, json_pack("{s:i}", "new_preset", 3), "new_preset");
    ask_refused(&studio, 400, "POST", path,
                json_pack("{s:s, s:[]}", "new_preset", "Warm", "adjustments"), "adjustments");
    desk_expect(&studio, photo, "completed", false, NULL);
    expect_nothing_to_undo(photo);
}

static void test_a_restart_keeps_it(void **state)
{
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    post(photo, "reject", json_pack("{s:s}", "reason", "crooked"));
    post(photo, "approve", NULL);
    jmt_host_kill(&studio.host);
    must(jmt_host_restart(&studio.host));
    desk_expect(&studio, photo, "completed", true, NULL);
    undo(photo, "approved");
    desk_expect(&studio, photo, "rejected", false, "crooked");
    must(jmt_host_stop(&studio.host));
    must(jmt_host_restart(&studio.host));
    undo(photo, "rejected");
    desk_expect(&studio, photo, "completed", false, NULL);
    expect_nothing_to_undo(photo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_step),
        cmocka_unit_test(test_reject_approve_undo_undo),
        cmocka_unit_test(test_approve_reject_undo_then_reject),
        cmocka_unit_test(test_a_photograph_that_did_not_wait_goes_back_too),
        cmocka_unit_test(test_modify_develops_anew),
        cmocka_unit_test(test_the_queue_is_told_when_it_is_developed),
        cmocka_unit_test(test_undo_cancels_a_job_that_waits),
        cmocka_unit_test(test_bad_modifications),
        cmocka_unit_test(test_a_restart_keeps_it),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
