/* The routes of the queue: what they answer, and what they refuse. */
#include "workshop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    workshop_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void submit_and_look(void **state)
{
    (void)state;
    json_t *photos = workshop_photos(&studio, 1, 4.6);
    json_int_t photo = json_integer_value(json_array_get(list_of(photos, "ids"), 0));
    json_t *answer = ask(
        &studio, 200, "POST", "/queue/submit",
        json_pack("{s:I, s:b, s:{s:i}}", "photo_id", photo, "user_requested", 1, "config", "a", 1));
    expect_text(answer, "message", "Job submitted successfully");
    expect_int(answer, "photo_id", photo);
    assert_int_equal(strlen(text_of(answer, "task_id")), 32);

    json_t *job = workshop_job(&studio, text_of(answer, "task_id"));
    expect_text(job, "kind", "develop");
    expect_text(job, "status", "pending");
    expect_int(job, "priority", 6); /* 0.4 * 10 + 0.2 * 9 + 0.1 * 5 */
    expect_int(object_of(job, "config"), "a", 1);
    expect_int(object_of(job, "photo"), "id", photo);
    json_decref(job);

    char path[128];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    json_t *shown = ask(&studio, 200, "GET", path, NULL);
    expect_text(shown, "status", "queued");
    json_decref(shown);

    snprintf(path, sizeof path, "/queue/status/%s", text_of(answer, "task_id"));
    shown = ask(&studio, 200, "GET", path, NULL);
    expect_text(shown, "state", "PENDING");
    expect_null(shown, "successful");
    json_decref(shown);
    json_decref(answer);
    json_decref(photos);
}

static void ids_with_dashes(void **state)
{
    char id[ID_SIZE];
    char path[80];
    (void)state;
    workshop_submit(&studio, "idle", id);
    snprintf(path, sizeof path, "/api/jobs/%.8s-%.4s-%.4s-%.4s-%s", id, id + 8, id + 12, id + 16,
             id + 20);
    json_t *job = ask(&studio, 200, "GET", path, NULL);
    expect_text(job, "id", id);
    json_decref(job);
}

static void bad_priorities(void **state)
{
    static const char *const bad[] = {"0", "11", "1.5", "true", "\"high\"", "-1", "[]"};
    char id[ID_SIZE];
    char path[80];
    char body[120];
    (void)state;
    workshop_submit(&studio, "idle", id);
    snprintf(path, sizeof path, "/queue/priority/%s", id);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(body, sizeof body, "{\"priority\":%s}", bad[i]);
        json_t *answer = ask_text(&studio, 400, "PUT", path, "application/json", body);
        assert_non_null(strstr(text_of(answer, "error"), "between 1 and 10"));
        json_decref(answer);
        snprintf(body, sizeof body, "{\"kind\":\"idle\",\"priority\":%s}", bad[i]);
        json_decref(ask_text(&studio, 400, "POST", "/queue/submit", "application/json", body));
    }
    ask_refused(&studio, 400, "PUT", path, json_object(), "priority");
    json_t *answer = ask(&studio, 200, "PUT", path, json_pack("{s:i}", "priority", 9));
    expect_text(answer, "job_id", id);
    expect_int(answer, "new_priority", 9);
    json_decref(answer);
    ask_refused(&studio, 404, "PUT", "/queue/priority/00000000000000000000000000000000",
                json_pack("{s:i}", "priority", 9), "not found");
}

static void bad_lists(void **state)
{
    json_t *photos = workshop_photos(&studio, 3, 0);
    json_t *ids = list_of(photos, "ids");
    json_t *with_text = json_copy(ids);
    json_t *too_many = json_array();
    json_int_t before = workshop_count(&studio, "pending");
    (void)state;
    json_array_append_new(with_text, json_string("4"));
    for (int i = 0; i < 100001; i++)
        json_array_append(too_many, json_array_get(ids, 0));
    ask_refused(&studio, 400, "POST", "/queue/batch", json_object(), "photo_ids list is required");
    ask_refused(&studio, 400, "POST", "/queue/batch", json_pack("{s:s}", "photo_ids", "1"),
                "photo_ids must be a list");
    ask_refused(&studio, 400, "POST", "/queue/batch", json_pack("{s:[]}", "photo_ids"),
                "photo_ids");
    ask_refused(&studio, 400, "POST", "/queue/batch", json_pack("{s:o}", "photo_ids", with_text),
                "integers");
    ask_refused(&studio, 400, "POST", "/queue/batch", json_pack("{s:o}", "photo_ids", too_many),
                "100000");
    json_array_append_new(ids, json_integer(99999999));
    ask_refused(&studio, 404, "POST", "/queue/batch", json_pack("{s:O}", "photo_ids", ids),
                "99999999");
    assert_int_equal(workshop_count(&studio, "pending"), before);
    json_decref(photos);
}

static void a_batch_and_a_session(void **state)
{
    json_t *photos = workshop_photos(&studio, 5, 4);
    char path[64];
    (void)state;
    json_t *answer = ask(&studio, 200, "POST", "/queue/batch",
                         json_pack("{s:O, s:s, s:s}", "photo_ids", list_of(photos, "ids"),
                                   "idempotency_key", "batch 1", "kind", "idle"));
    expect_int(answer, "photo_count", 5);
    json_t *again = ask(&studio, 200, "POST", "/queue/batch",
                        json_pack("{s:O, s:s, s:s}", "photo_ids", list_of(photos, "ids"),
                                  "idempotency_key", "batch 1", "kind", "idle"));
    assert_true(json_equal(list_of(answer, "task_ids"), list_of(again, "task_ids")));
    json_t *job =
        workshop_job(&studio, json_string_value(json_array_get(list_of(answer, "task_ids"), 0)));
    expect_int(job, "priority", 5);
    json_decref(job);
    json_decref(answer);
    json_decref(again);
    snprintf(path, sizeof path, "/queue/session/%lld", (long long)int_of(photos, "session_id"));
    answer = ask_text(&studio, 200, "POST", path, NULL, NULL);
    expect_int(answer, "photo_count", 5);
    json_decref(answer);
    ask_refused(&studio, 404, "POST", "/queue/session/99999", NULL, "Session not found");
    json_decref(photos);
}

static void the_same_key_gives_the_same_job(void **state)
{
    const struct jmt_request request = {
        .method = "POST",
        .path = "/queue/submit",
        .headers = "Idempotency-Key: once\r\n",
        .content_type = "application/json",
        .body = "{\"kind\":\"idle\"}",
    };
    struct jmt_response first;
    struct jmt_response second;
    (void)state;
    ask_raw(&studio, &request, &first);
    ask_raw(&studio, &request, &second);
    assert_int_equal(first.status, 200);
    assert_string_equal(first.body, second.body);
    jmt_response_fini(&first);
    jmt_response_fini(&second);
}

static void jobs_of_the_api(void **state)
{
    json_t *photos = workshop_photos(&studio, 1, 0);
    json_int_t photo = json_integer_value(json_array_get(list_of(photos, "ids"), 0));
    char path[128];
    (void)state;
    ask_refused(&studio, 400, "POST", "/api/jobs", json_pack("{s:I}", "photo_id", photo),
                "photo_id and config are required");
    ask_refused(&studio, 404, "POST", "/api/jobs",
                json_pack("{s:i, s:{}}", "photo_id", 99999999, "config"), "Photo not found");
    json_t *job =
        ask(&studio, 201, "POST", "/api/jobs",
            json_pack("{s:I, s:{s:i}, s:i}", "photo_id", photo, "config", "x", 1, "priority", 8));
    expect_int(job, "priority", 8);
    expect_text(job, "status", "pending");
    expect_time(job, "created_at");
    snprintf(path, sizeof path, "/api/jobs?photo_id=%lld&status=pending", (long long)photo);
    json_t *list = ask(&studio, 200, "GET", path, NULL);
    expect_int(list, "total", 1);
    expect_int(list, "count", 1);
    expect_text(json_array_get(list_of(list, "jobs"), 0), "id", text_of(job, "id"));
    json_decref(list);
    ask_refused(&studio, 400, "GET", "/api/jobs?status=odd", NULL, "status must be");
    ask_refused(&studio, 400, "GET", "/api/jobs?limit=x", NULL, "limit");
    list = ask(&studio, 200, "GET", "/api/jobs?kind=develop&limit=2", NULL);
    assert_true(json_array_size(list_of(list, "jobs")) <= 2);
    json_decref(list);
    snprintf(path, sizeof path, "/api/jobs/%s", text_of(job, "id"));
    json_decref(ask(&studio, 200, "DELETE", path, NULL));
    ask_refused(&studio, 404, "GET", path, NULL, "Job not found");
    ask_refused(&studio, 404, "DELETE", path, NULL, "Job not found");
    json_decref(job);
    json_decref(photos);
}

static void cancel_and_retry(void **state)
{
    char id[ID_SIZE];
    char path[80];
    (void)state;
    workshop_submit(&studio, "idle", id);
    snprintf(path, sizeof path, "/queue/retry/%s", id);
    ask_refused(&studio, 409, "POST", path, NULL, "pending");
    snprintf(path, sizeof path, "/queue/cancel/%s", id);
    json_t *answer = ask(&studio, 200, "POST", path, NULL);
    expect_text(answer, "message", "Job cancelled successfully");
    json_decref(answer);
    ask_refused(&studio, 409, "POST", path, NULL, "cancelled");
    snprintf(path, sizeof path, "/queue/retry/%s", id);
    answer = ask(&studio, 200, "POST", path, NULL);
    expect_text(answer, "new_task_id", id);
    json_decref(answer);
    json_decref(workshop_wait(&studio, id, "pending"));
    ask_refused(&studio, 404, "POST", "/queue/cancel/nonsense", NULL, "not found");
    ask_refused(&studio, 404, "GET", "/queue/status/00000000000000000000000000000000", NULL,
                "not found");
}

static void pause_holds_everything(void **state)
{
    char id[ID_SIZE];
    (void)state;
    json_decref(ask(&studio, 200, "POST", "/queue/pause", NULL));
    workshop_submit(&studio, "noop", id);
    assert_null(workshop_lease(&studio, "noop", "me", 1000, 0));
    json_t *stats = ask(&studio, 200, "GET", "/queue/stats", NULL);
    assert_true(bool_of(stats, "paused"));
    json_decref(stats);
    json_t *answer = ask(&studio, 200, "POST", "/api/system/resume", NULL);
    expect_text(answer, "message", "System processing resumed successfully");
    json_decref(answer);
    json_decref(workshop_wait(&studio, id, "completed"));
}

static void unattended_kinds(void **state)
{
    char id[ID_SIZE];
    (void)state;
    workshop_submit(&studio, "forsaken", id);
    json_t *workers = ask(&studio, 200, "GET", "/queue/workers", NULL);
    json_t *kind = object_of(object_of(workers, "kinds"), "forsaken");
    expect_null(kind, "executor");
    expect_int(kind, "pending", 1);
    json_t *noop = object_of(object_of(workers, "kinds"), "noop");
    expect_text(noop, "executor", "local");
    assert_true(int_of(object_of(object_of(workers, "workers"), "local"), "pid") > 1);
    json_decref(workers);
}

static void priorities_as_a_whole(void **state)
{
    json_t *photos = workshop_photos(&studio, 4, 4);
    char path[80];
    (void)state;
    json_decref(ask(&studio, 200, "POST", "/queue/batch",
                    json_pack("{s:O, s:i, s:s}", "photo_ids", list_of(photos, "ids"), "priority", 9,
                              "kind", "idle")));
    snprintf(path, sizeof path, "/queue/priority/session/%lld/boost",
             (long long)int_of(photos, "session_id"));
    json_t *answer = ask_text(&studio, 200, "POST", path, NULL, NULL);
    expect_int(answer, "boosted_count", 4);
    expect_int(answer, "boost_amount", 2);
    json_decref(answer);
    answer = ask_text(&studio, 200, "POST", path, NULL, NULL);
    expect_int(answer, "boosted_count", 0);
    expect_int(answer, "total_jobs", 4);
    json_decref(answer);
    ask_refused(&studio, 400, "POST", path, json_pack("{s:i}", "boost_amount", 6),
                "between 1 and 5");
    answer = ask(&studio, 200, "GET", "/queue/priority/distribution", NULL);
    assert_true(int_of(object_of(answer, "by_priority"), "10") >= 4);
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/queue/priority/starvation", NULL);
    expect_int(answer, "count", 0);
    expect_int(answer, "age_threshold_hours", 12);
    json_decref(answer);
    answer = ask(&studio, 200, "POST", "/queue/priority/auto-boost", NULL);
    expect_int(answer, "boosted_count", 0);
    json_decref(answer);
    answer = ask(&studio, 200, "POST", "/queue/priority/rebalance", NULL);
    expect_text(answer, "message", "Queue priorities rebalanced successfully");
    assert_true(int_of(answer, "total_pending") >= 4);
    json_decref(answer);
    json_decref(photos);
}

static void purge_cancels_what_waits(void **state)
{
    (void)state;
    json_int_t pending = workshop_count(&studio, "pending");
    assert_true(pending > 0);
    json_t *answer = ask(&studio, 200, "POST", "/queue/purge", NULL);
    expect_int(answer, "tasks_purged", pending);
    json_decref(answer);
    assert_int_equal(workshop_count(&studio, "pending"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(submit_and_look),        cmocka_unit_test(ids_with_dashes),
        cmocka_unit_test(bad_priorities),         cmocka_unit_test(bad_lists),
        cmocka_unit_test(a_batch_and_a_session),  cmocka_unit_test(the_same_key_gives_the_same_job),
        cmocka_unit_test(jobs_of_the_api),        cmocka_unit_test(cancel_and_retry),
        cmocka_unit_test(pause_holds_everything), cmocka_unit_test(unattended_kinds),
        cmocka_unit_test(priorities_as_a_whole),  cmocka_unit_test(purge_cancels_what_waits),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
