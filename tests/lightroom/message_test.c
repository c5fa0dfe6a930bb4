/* What Lightroom says of its jobs: the first plug-in's own messages, oddities included, as events that
 * everybody sees (M5 to M8, M10). */
#include "darkroom.h"

#include "client/wait.h"

#include <stdlib.h>
#include <string.h>

#define LUA_NOW 784111777 /* seconds since 2001, as LrDate.currentTime() */

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    darkroom_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void end_poller(char *id_take)
{
    json_decref(
        ask(&studio, 200, "POST", "/ws/disconnect", json_pack("{s:s}", "client_id", id_take)));
    free(id_take);
}

/* Fire and forget, as the plug-in does: the response is null. */
static void tell(const char *id, json_t *message_take)
{
    json_object_set_new(message_take, "timestamp", json_integer(LUA_NOW));
    json_t *response = poller_say(&studio, id, message_take);
    if (!json_is_null(response))
        fail_msg("the response is %s", json_dumps(response, 0));
    json_decref(response);
}

/* A message that must be refused, with words that say why. */
static void tell_refused(const char *id, json_t *message_take, const char *words)
{
    json_t *response = poller_say(&studio, id, message_take);
    expect_text(response, "type", "error");
    assert_non_null(strstr(text_of(response, "error"), words));
    json_decref(response);
}

static json_t *message(const char *type, const char *job)
{
    return json_pack("{s:s, s:s}", "type", type, "job_id", job);
}

static void test_m5_job_created_reaches_pollers_and_websockets(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    char *id = lightroom_open(&studio);
    char *job = job_new(&studio);
    json_t *event = poller_wait(&studio, id, "job_created");
    json_t *same = listen_for(&ws, "job_created");
    assert_true(json_equal(event, same));
    expect_text(event, "job_id", job);
    expect_null(event, "photo_id");
    assert_in_range(int_of(event, "priority"), 1, 10);
    json_decref(event);
    json_decref(same);
    json_t *leased = job_next(&studio, NULL);
    json_decref(leased);
    json_decref(job_result(&studio, 200, job, "{\"status\":\"success\"}"));
    jmt_ws_fini(&ws);
    end_poller(id);
    free(job);
}

/* The next event of that type, which must be of that job. */
static json_t *event_of(struct jmt_ws *ws, const char *type, const char *job)
{
    json_t *event = NULL;
    must(jmt_ws_wait(ws, type, &event, NULL, DARKROOM_MS));
    expect_text(event, "job_id", job);
    assert_non_null(json_object_get(event, "photo_id"));
    return event;
}

static void expect_empty(const json_t *event, const char *key)
{
    assert_int_equal(json_object_size(object_of(event, key)), 0);
}

static void expect_none(const json_t *messages, const char *type)
{
    for (size_t i = 0; i < json_array_size(messages); i++)
        assert_string_not_equal(text_of(json_array_get(messages, i), "type"), type);
}

/* Everything that Main.lua sends in the life of a job, with [] for each empty table. */
static void test_m6_messages_are_events_and_change_the_job(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs,photos");
    char *id = lightroom_open(&studio);
    char *job = job_new(&studio);
    json_decref(job_next(&studio, NULL));
    json_decref(event_of(&ws, "job_started", job)); /* the lease */

    json_t *started = message("job_started", job);
    json_object_set_new(started, "photo_info",
                        json_pack("{s:s, s:s}", "file_name", "IMG_1.CR2", "config_version", "1.0"));
    tell(id, started);
    json_t *event = event_of(&ws, "job_started", job);
    expect_text(object_of(event, "photo_info"), "file_name", "IMG_1.CR2");
    json_decref(event);

    json_t *progress = message("job_progress", job);
    json_object_update_new(progress, json_pack("{s:s, s:i, s:s, s:[]}", "stage", "applying_preset",
                                               "progress", 40, "message", "…", "details"));
    tell(id, progress);
    event = event_of(&ws, "job_progress", job);
    expect_text(event, "stage", "applying_preset");
    assert_true(number_of(event, "progress") == 40);
    expect_empty(event, "details");
    json_decref(event);
    job_expect_status(&studio, job, "processing");

    json_t *stage = message("stage_completed", job);
    json_object_update_new(stage, json_pack("{s:s, s:[]}", "stage", "applying_preset", "result"));
    tell(id, stage);
    event = event_of(&ws, "stage_completed", job);
    expect_envelope(event, "stage_completed", "jobs");
    expect_empty(event, "result");
    expect_text(event, "sent_at", "2025-11-06T08:49:37.000Z");
    json_decref(event);

    tell(id, message("photo_info", job));
    event = event_of(&ws, "photo_info", job);
    expect_envelope(event, "photo_info", "photos");
    expect_empty(event, "photo_data");
    json_decref(event);

    json_t *metrics = message("processing_metrics", job);
    json_object_set_new(metrics, "metrics", json_pack("{s:i}", "ms", 12));
    tell(id, metrics);
    event = event_of(&ws, "processing_metrics", job);
    expect_int(object_of(event, "metrics"), "ms", 12);
    json_decref(event);

    json_t *completed = message("job_completed", job);
    json_object_update_new(completed,
                           json_pack("{s:b, s:[], s:i}", "success", 1, "result", "duration", 3));
    tell(id, completed);
    event = event_of(&ws, "job_completed", job);
    expect_int(object_of(event, "result"), "duration", 3);
    json_decref(event);
    job_expect_status(&studio, job, "completed");
    ask_broadcast(&studio, "jobs", "end", json_object(), false);
    json_t *skipped = json_array();
    must(jmt_ws_wait(&ws, "end", &event, skipped, DARKROOM_MS));
    expect_none(skipped, "job_completed"); /* told once */
    expect_none(skipped, "job_progress");
    json_decref(skipped);
    json_decref(event);
    jmt_ws_fini(&ws);
    end_poller(id);
    free(job);
}

static void test_m6_a_failure_has_the_reason_of_the_error_before_it(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    char *id = lightroom_open(&studio);
    char *job = job_new(&studio);
    json_decref(job_next(&studio, NULL));
    json_t *error = message("error_occurred", job);
    json_object_update_new(error, json_pack("{s:s, s:s, s:[], s:s}", "error_type", "apply_failed",
                                            "error_message", "no photo is selected",
                                            "error_details", "stage", "applying_preset"));
    tell(id, error);
    json_t *event = NULL;
    must(jmt_ws_wait(&ws, "error_occurred", &event, NULL, DARKROOM_MS));
    expect_envelope(event, "error_occurred", "jobs");
    expect_text(event, "error_type", "apply_failed");
    expect_text(event, "job_id", job);
    expect_text(object_of(event, "error_details"), "stage", "applying_preset");
    json_decref(event);
    json_t *failed = message("job_failed", job);
    json_object_update_new(failed, json_pack("{s:b, s:[]}", "success", 0, "result"));
    tell(id, failed);
    event = event_of(&ws, "job_failed", job);
    expect_text(event, "error_message", "no photo is selected");
    json_decref(event);
    job_expect_status(&studio, job, "failed");
    jmt_ws_fini(&ws);
    end_poller(id);
    free(job);
}

static void test_messages_of_no_known_job_change_nothing(void **state)
{
    static const char *const types[] = {"job_started", "stage_completed",    "photo_info",
                                        "job_failed",  "processing_metrics", "job_completed"};
    static const char stranger[] = "0123456789abcdef0123456789abcdef";
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs,photos,queue");
    char *id = lightroom_open(&studio);
    json_t *before = ask(&studio, 200, "GET", "/queue/stats", NULL);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        json_t *said = message(types[i], stranger);
        json_object_set_new(said, "photo_id", json_integer(7));
        tell(id, said);
        json_t *event = event_of(&ws, types[i], stranger);
        expect_int(event, "photo_id", 7);
        json_decref(event);
    }
    json_t *progress = message("job_progress", "not even an id");
    json_object_update_new(progress, json_pack("{s:i}", "progress", 1));
    tell(id, progress);
    json_decref(event_of(&ws, "job_progress", "not even an id"));
    json_t *after = ask(&studio, 200, "GET", "/queue/stats", NULL);
    json_object_del(before, "timestamp");
    json_object_del(after, "timestamp");
    assert_true(json_equal(json_object_get(before, "total_pending"),
                           json_object_get(after, "total_pending")));
    listen_quiet(&ws);
    json_decref(before);
    json_decref(after);
    jmt_ws_fini(&ws);
    end_poller(id);
}

static void test_bad_messages_are_refused(void **state)
{
    (void)state;
    char *gui = poller_open(&studio, "gui");
    char *id = lightroom_open(&studio);
    char *job = job_new(&studio);
    /* Only Lightroom may say it; to others the type is unknown, which was null ever since. */
    tell(gui, message("job_completed", job));
    job_expect_status(&studio, job, "pending");
    tell_refused(id, json_pack("{s:s}", "type", "job_started"), "job_id is required");
    tell_refused(id, json_pack("{s:s, s:i}", "type", "job_started", "job_id", 7),
                 "job_id is required");
    json_t *progress = message("job_progress", job);
    json_object_set_new(progress, "progress", json_integer(101));
    tell_refused(id, progress, "progress must be a number from 0 to 100");
    /* Nobody does it yet. */
    tell_refused(id, message("job_completed", job), "has ended");
    json_t *leased = job_next(&studio, id);
    json_t *other = message("job_completed", job);
    json_object_set_new(other, "lease", json_string("another"));
    tell_refused(id, other, "has ended");
    job_expect_status(&studio, job, "processing");
    json_t *own = message("job_completed", job);
    json_object_set(own, "lease", json_object_get(leased, "lease"));
    tell(id, own);
    job_expect_status(&studio, job, "completed");
    tell_refused(id, message("job_failed", job), "has ended");
    job_expect_status(&studio, job, "completed");
    json_decref(leased);

    json_t *answer = ask(&studio, 200, "POST", "/queue/submit",
                         json_pack("{s:s, s:n}", "kind", "analyze", "photo_id"));
    tell_refused(id, message("job_completed", text_of(answer, "task_id")), "analyze");
    json_decref(answer);
    end_poller(id);
    end_poller(gui);
    free(job);
}

/* The same over a WebSocket. */
static void test_messages_over_websocket(void **state)
{
    struct jmt_ws ws;
    (void)state;
    char *job = job_new(&studio);
    listen_open(&ws, &studio, "jobs");
    listen_refused(&ws, "{\"type\":\"job_progress\",\"job_id\":\"x\"}",
                   "Unknown message type: job_progress");
    json_decref(listen_answer(&ws, "{\"type\":\"register\",\"client_type\":\"lightroom\"}"));
    json_decref(job_next(&studio, NULL));
    json_t *completed = message("job_completed", job);
    json_object_set_new(completed, "result", json_pack("{s:i}", "photos", 3));
    must(jmt_ws_send_json(&ws, completed));
    json_t *event = event_of(&ws, "job_completed", job);
    expect_int(object_of(event, "result"), "photos", 3);
    json_decref(event);
    job_expect_status(&studio, job, "completed");
    jmt_ws_fini(&ws);
    free(job);
}

/* Main.lua posts the literal `true`, without a Content-Type. */
static void test_m7_a_result_without_a_word(void **state)
{
    char wanted[96];
    (void)state;
    char *id = lightroom_open(&studio);
    char *good = job_new(&studio);
    json_decref(job_next(&studio, NULL));
    json_decref(job_result(&studio, 400, good, "true"));
    job_expect_status(&studio, good, "processing");
    tell(id, message("job_completed", good));
    json_t *answer = job_result(&studio, 200, good, "true");
    snprintf(wanted, sizeof wanted, "Job '%s' marked as success", good);
    expect_text(answer, "message", wanted);
    json_decref(answer);
    json_decref(job_result(&studio, 200, good, "[]"));
    char *bad = job_new(&studio);
    json_decref(job_next(&studio, NULL));
    tell(id, message("job_failed", bad));
    answer = job_result(&studio, 200, bad, "true");
    snprintf(wanted, sizeof wanted, "Job '%s' marked as failure", bad);
    expect_text(answer, "message", wanted);
    json_decref(answer);
    job_expect_status(&studio, bad, "failed");
    end_poller(id);
    free(good);
    free(bad);
}

static void test_m8_unknown_stages_are_accepted(void **state)
{
    static const char *const stages[] = {"preparation", "finalizing", "completed"};
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    char *id = lightroom_open(&studio);
    char *job = job_new(&studio);
    json_decref(job_next(&studio, NULL));
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        json_t *progress = message("job_progress", job);
        json_object_update_new(
            progress, json_pack("{s:s, s:i}", "stage", stages[i], "progress", (int)(i + 1) * 30));
        tell(id, progress);
        json_t *event = event_of(&ws, "job_progress", job);
        expect_text(event, "stage", stages[i]);
        json_decref(event);
    }
    tell(id, message("job_completed", job));
    jmt_ws_fini(&ws);
    end_poller(id);
    free(job);
}

static json_int_t lightrooms(const struct studio *where)
{
    json_t *answer = ask(where, 200, "GET", "/websocket/status", NULL);
    json_int_t count = int_of(answer, "connected_clients");
    json_decref(answer);
    return count;
}

/* A poller that never polls again is forgotten, and its job is somebody else's. */
static void test_m10_silent_pollers_expire(void **state)
{
    struct studio quick;
    struct jmt_ws ws;
    (void)state;
    darkroom_open(&quick, json_pack("{s:i}", "poller_expiry_s", 1));
    listen_open(&ws, &quick, "jobs");
    json_int_t before = lightrooms(&quick);
    char *job = job_new(&quick);
    char *id = lightroom_open(&quick);
    json_t *leased = job_next(&quick, id);
    json_t *event = NULL;
    must(jmt_ws_wait(&ws, "job_requeued", &event, NULL, DARKROOM_MS));
    expect_text(event, "job_id", job);
    json_decref(event);
    json_t *answer = ask(&quick, 200, "GET", "/ws/clients", NULL);
    expect_int(answer, "count", 0);
    json_decref(answer);
    assert_int_equal(lightrooms(&quick), before);
    json_decref(leased);
    jmt_ws_fini(&ws);
    free(id);
    free(job);
    studio_close(&quick);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_m5_job_created_reaches_pollers_and_websockets),
        cmocka_unit_test(test_m6_messages_are_events_and_change_the_job),
        cmocka_unit_test(test_m6_a_failure_has_the_reason_of_the_error_before_it),
        cmocka_unit_test(test_messages_of_no_known_job_change_nothing),
        cmocka_unit_test(test_messages_over_websocket),
        cmocka_unit_test(test_m7_a_result_without_a_word),
        cmocka_unit_test(test_m8_unknown_stages_are_accepted),
        cmocka_unit_test(test_bad_messages_are_refused),
        cmocka_unit_test(test_m10_silent_pollers_expire),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
