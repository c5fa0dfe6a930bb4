/* The whole life of a batch, as a client sees it: started, paused, resumed, cancelled, completed. */
#include "atelier.h"

#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    atelier_open(&studio);
    atelier_fill(&studio, 40);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* The next system_status of that kind, for that batch; its details. */
static json_t *told(struct jmt_ws *ws, const char *what, const char *id)
{
    json_t *event = NULL;
    json_t *details = NULL;
    while (details == NULL) {
        json_decref(event);
        must(jmt_ws_wait(ws, "system_status", &event, NULL, ATELIER_MS));
        if (strcmp(text_of(event, "status"), what) == 0)
            details = json_incref(object_of(event, "details"));
    }
    expect_text(event, "channel", "system");
    expect_text(details, "batch_id", id);
    json_decref(event);
    return details;
}

static void test_a_batch_runs_and_completes(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "system");
    char *id = atelier_start(&studio, "develop", 1, 30);
    json_t *details = told(&ws, "batch_started", id);
    expect_int(details, "photo_count", 30);
    expect_null(details, "session_id");
    json_decref(details);
    details = told(&ws, "batch_completed", id);
    expect_int(details, "processed", 30);
    expect_int(details, "failed", 0);
    json_decref(details);

    json_t *batch = atelier_status(&studio, id);
    expect_text(batch, "status", "completed");
    expect_int(batch, "total_photos", 30);
    expect_int(batch, "processed_count", 30);
    expect_int(batch, "pending_count", 0);
    assert_true(number_of(batch, "progress_percent") == 100);
    expect_time(batch, "completed_at");
    expect_null(batch, "paused_at");
    expect_null(batch, "session_id");
    json_decref(batch);
    json_t *answer = atelier_post(&studio, 409, id, "pause");
    expect_text(answer, "status", "completed");
    json_decref(answer);
    json_t *photo = ask(&studio, 200, "GET", "/api/photos/30", NULL);
    expect_text(photo, "status", "completed");
    json_decref(photo);
    jmt_ws_fini(&ws);
    free(id);
}

static void test_pause_lets_running_jobs_finish(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "system,jobs");
    char *id = atelier_start(&studio, "slow", 1, 20);
    atelier_wait_count(&studio, id, "processing_count", 4);
    json_decref(atelier_post(&studio, 200, id, "pause"));
    json_decref(told(&ws, "batch_paused", id));
    for (int i = 0; i < 4; i++)
        json_decref(ask(&studio, 200, "POST", "/stock/finish", json_pack("{s:b}", "fail", i == 0)));
    atelier_wait_count(&studio, id, "processed_count", 3);
    json_t *batch = atelier_status(&studio, id);
    expect_text(batch, "status", "paused");
    expect_int(batch, "failed_count", 1);
    expect_int(batch, "processing_count", 0);
    expect_int(batch, "pending_count", 16);
    expect_time(batch, "paused_at");
    json_decref(batch);
    json_decref(atelier_post(&studio, 409, id, "pause"));

    json_decref(atelier_post(&studio, 200, id, "resume"));
    json_decref(told(&ws, "batch_resumed", id));
    json_decref(atelier_post(&studio, 409, id, "resume"));
    atelier_finish_all(&studio, id);
    json_t *details = told(&ws, "batch_completed", id);
    expect_int(details, "processed", 19);
    expect_int(details, "failed", 1);
    json_decref(details);
    json_t *progress = NULL;
    must(jmt_ws_wait(&ws, "batch_progress", &progress, NULL, ATELIER_MS));
    expect_text(progress, "channel", "jobs");
    expect_text(progress, "batch_id", id);
    expect_int(progress, "total", 20);
    json_decref(progress);
    jmt_ws_fini(&ws);
    free(id);
}

static void test_cancel_stops_all(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "system");
    char *id = atelier_start(&studio, "slow", 1, 40);
    atelier_wait_count(&studio, id, "processing_count", 4);
    json_decref(atelier_post(&studio, 200, id, "cancel"));
    json_t *details = told(&ws, "batch_cancelled", id);
    expect_int(details, "total", 40);
    json_decref(details);
    atelier_wait_count(&studio, id, "cancelled_count", 40);
    json_t *batch = atelier_status(&studio, id);
    expect_text(batch, "status", "cancelled");
    expect_int(batch, "pending_count", 0);
    json_decref(batch);
    json_decref(atelier_post(&studio, 200, id, "cancel"));
    json_t *answer = atelier_post(&studio, 409, id, "resume");
    expect_text(answer, "status", "cancelled");
    json_decref(answer);
    jmt_ws_fini(&ws);
    free(id);
}

static void test_list_recover_cleanup(void **state)
{
    (void)state;
    char *id = atelier_start(&studio, "develop", 1, 3);
    atelier_wait_status(&studio, id, "completed");
    json_t *list = ask(&studio, 200, "GET", "/batch/list", NULL);
    assert_int_equal(json_array_size(list_of(list, "batches")), int_of(list, "count"));
    expect_text(json_array_get(list_of(list, "batches"), 0), "batch_id", id);
    json_decref(list);
    json_t *answer = ask(&studio, 200, "POST", "/batch/recover", NULL);
    expect_int(answer, "recovered_count", 0);
    expect_int(answer, "failed_count", 0);
    expect_time(answer, "timestamp");
    json_decref(answer);
    answer = ask(&studio, 200, "POST", "/batch/cleanup", NULL);
    expect_int(answer, "cleaned_count", 0);
    expect_int(answer, "days_old", 7);
    json_decref(answer);
    free(id);
}

static void test_bad_input_does_nothing(void **state)
{
    (void)state;
    json_t *before = ask(&studio, 200, "GET", "/batch/list", NULL);
    ask_refused(&studio, 400, "POST", "/batch/start", NULL, "photo_ids is required");
    ask_refused(&studio, 400, "POST", "/batch/start", json_pack("{s:[]}", "photo_ids"),
                "non-empty list");
    ask_refused(&studio, 400, "POST", "/batch/start", json_pack("{s:[i,s]}", "photo_ids", 1, "2"),
                "number 2");
    ask_refused(&studio, 404, "POST", "/batch/start", json_pack("{s:[i,i]}", "photo_ids", 1, 4711),
                "4711");
    json_t *order = atelier_order("develop", 1, 100001);
    ask_refused(&studio, 400, "POST", "/batch/start", order, "at most 100000");
    ask_refused(&studio, 404, "POST", "/batch/batch_0123456789ab/pause", NULL, "Batch not found");
    ask_refused(&studio, 404, "GET", "/batch/nothing/status", NULL, "Batch not found");
    json_t *after = ask(&studio, 200, "GET", "/batch/list", NULL);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_batch_runs_and_completes),
        cmocka_unit_test(test_pause_lets_running_jobs_finish),
        cmocka_unit_test(test_cancel_stops_all),
        cmocka_unit_test(test_list_recover_cleanup),
        cmocka_unit_test(test_bad_input_does_nothing),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
