/* Photographs follow their jobs, and jobs go with their session. */
#include "listen.h"
#include "workshop.h"

#include <stdio.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    workshop_open(&studio, json_pack("{s:i}", "max_attempts", 1));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void expect_photo(json_int_t photo, const char *status)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    expect_text(answer, "status", status);
    json_decref(answer);
}

static json_int_t new_photo(json_int_t *session_out)
{
    json_t *photos = workshop_photos(&studio, 1, 0);
    json_int_t photo = json_integer_value(json_array_get(list_of(photos, "ids"), 0));
    if (session_out)
        *session_out = int_of(photos, "session_id");
    json_decref(photos);
    return photo;
}

static void submit(json_int_t photo, const char *kind)
{
    json_decref(ask(&studio, 200, "POST", "/queue/submit",
                    json_pack("{s:I, s:s}", "photo_id", photo, "kind", kind)));
}

static void develop(const char *what, const char *status)
{
    json_int_t photo = new_photo(NULL);
    submit(photo, "develop");
    expect_photo(photo, "queued");
    json_t *job = workshop_lease(&studio, "develop", "me", 60000, 0);
    assert_non_null(job);
    expect_photo(photo, "processing");
    json_decref(workshop_report(&studio, 200, text_of(job, "lease"), what, NULL));
    expect_photo(photo, status);
    json_decref(job);
}

static void developed(void **state)
{
    (void)state;
    develop("complete", "completed");
    develop("fail", "failed");
}

static void exports_leave_it_alone(void **state)
{
    json_int_t photo = new_photo(NULL);
    (void)state;
    submit(photo, "export");
    json_t *job = workshop_lease(&studio, "export", "me", 60000, 0);
    assert_non_null(job);
    json_decref(workshop_report(&studio, 200, text_of(job, "lease"), "complete", NULL));
    expect_photo(photo, "imported");
    json_decref(job);
}

static void analyses_deliver_scores(void **state)
{
    struct jmt_ws ws;
    json_int_t photo = new_photo(NULL);
    (void)state;
    submit(photo, "analyze");
    json_t *job = workshop_lease(&studio, "analyze", "me", 60000, 0);
    assert_non_null(job);
    listen_open(&ws, &studio, "photos");
    json_decref(workshop_report(
        &studio, 200, text_of(job, "lease"), "complete",
        json_pack("{s:{s:f, s:f}}", "result", "ai_score", 4.25, "focus_score", 3.5)));
    json_t *event = listen_for(&ws, "photo_analyzed");
    expect_int(event, "photo_id", photo);
    assert_true(number_of(event, "ai_score") == 4.25);
    json_decref(event);
    json_decref(job);
    jmt_ws_fini(&ws);
}

/* An event that says so of a session that is there is not believed. */
static void jobs_go_with_their_session(void **state)
{
    json_int_t gone = 0;
    json_int_t kept = 0;
    char path[64];
    struct jmt_ws ws;
    (void)state;
    submit(new_photo(&gone), "develop");
    submit(new_photo(&kept), "idle");
    submit(new_photo(NULL), "develop");
    listen_open(&ws, &studio, "jobs");
    json_t *job = workshop_lease(&studio, "develop", "me", 60000, 0);
    assert_non_null(job);
    assert_int_equal(int_of(job, "session_id"), gone);
    json_decref(listen_for(&ws, "job_started"));
    ask_broadcast(&studio, "sessions", "session_deleted", json_pack("{s:I}", "session_id", kept),
                  true);
    snprintf(path, sizeof path, "/api/sessions/%lld", (long long)gone);
    json_decref(ask(&studio, 200, "DELETE", path, NULL));
    ask_broadcast(&studio, "sessions", "session_deleted", json_pack("{s:I}", "session_id", gone),
                  true);
    json_t *event = listen_for(&ws, "job_cancelled");
    expect_text(event, "job_id", text_of(job, "id"));
    json_decref(event);
    snprintf(path, sizeof path, "/api/jobs/%s", text_of(job, "id"));
    ask_refused(&studio, 404, "GET", path, NULL, "not found");
    json_decref(workshop_report(&studio, 404, text_of(job, "lease"), "complete", NULL));
    assert_int_equal(workshop_count(&studio, "pending"), 2);
    json_decref(job);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(developed),
        cmocka_unit_test(exports_leave_it_alone),
        cmocka_unit_test(analyses_deliver_scores),
        cmocka_unit_test(jobs_go_with_their_session),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
