/* Sessions at work: they follow the jobs of their photographs, and large ones are deleted in slices. */
#include "atelier.h"

#include "client/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 4000

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    atelier_open(&studio);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_int_t make_session(const char *name, int photos)
{
    json_t *made = ask(&studio, 201, "POST", "/api/sessions",
                       json_pack("{s:s, s:s}", "name", name, "import_folder", studio.photos));
    json_int_t id = int_of(made, "id");
    json_decref(made);
    for (int left = photos; left > 0; left -= 500)
        json_decref(
            ask(&studio, 200, "POST", "/stock",
                json_pack("{s:i, s:I}", "count", left < 500 ? left : 500, "session_id", id)));
    return id;
}

static json_int_t total_of(json_int_t session)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos?limit=1&session_id=%lld", (long long)session);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    json_int_t total = int_of(answer, "total");
    json_decref(answer);
    return total;
}

static int status_of(json_int_t session)
{
    char path[64];
    struct jmt_request request = {.path = path};
    struct jmt_response response;
    snprintf(path, sizeof path, "/sessions/%lld", (long long)session);
    ask_raw(&studio, &request, &response);
    int status = response.status;
    jmt_response_fini(&response);
    return status;
}

static void test_a_session_follows_its_batch(void **state)
{
    char path[64];
    struct jmt_ws ws;
    (void)state;
    json_int_t session = make_session("Follows", 30);
    snprintf(path, sizeof path, "/api/photos?sort=id&order=asc&session_id=%lld",
             (long long)session);
    json_t *page = ask(&studio, 200, "GET", path, NULL);
    json_int_t first = int_of(json_array_get(list_of(page, "photos"), 0), "id");
    json_decref(page);
    listen_open(&ws, &studio, "sessions");
    char *batch = atelier_start(&studio, "develop", (int)first, (int)first + 29);
    json_t *event = NULL;
    must(jmt_ws_wait(&ws, "session_completed", &event, NULL, ATELIER_MS));
    expect_int(event, "session_id", session);
    expect_int(event, "total_photos", 30);
    json_decref(event);
    atelier_wait_status(&studio, batch, "completed");
    snprintf(path, sizeof path, "/sessions/%lld", (long long)session);
    json_t *shown = ask(&studio, 200, "GET", path, NULL);
    expect_text(shown, "status", "completed");
    expect_int(shown, "processed_photos", 30);
    json_decref(shown);
    json_t *daily = ask(&studio, 200, "GET", "/statistics/daily", NULL);
    const json_t *today = object_of(daily, "today");
    assert_true(int_of(today, "total_processed") >= 30);
    assert_true(number_of(today, "avg_processing_time") >= 0);
    json_decref(daily);
    jmt_ws_fini(&ws);
    free(batch);
}

static void test_a_large_session_goes(void **state)
{
    char path[64];
    struct jmt_ws ws;
    (void)state;
    json_int_t session = make_session("Large", MANY);
    assert_int_equal(total_of(session), MANY);
    listen_open(&ws, &studio, "sessions");
    snprintf(path, sizeof path, "/api/sessions/%lld", (long long)session);
    json_t *answer = ask(&studio, 200, "DELETE", path, NULL);
    expect_text(answer, "message", "Session deleted successfully");
    expect_int(answer, "session_id", session);
    json_decref(answer);
    json_t *event = listen_for(&ws, "session_deleted");
    expect_int(event, "session_id", session);
    expect_text(event, "session_name", "Large");
    json_decref(event);
    assert_int_equal(status_of(session), 404);
    assert_int_equal(total_of(session), 0);
    ask_refused(&studio, 404, "DELETE", path, NULL, "Session not found");
    jmt_ws_fini(&ws);
}

/* Its name is free at once, and a kill in the middle only delays its end. */
static void test_a_deletion_survives_a_kill(void **state)
{
    char path[64];
    struct jmt_http http;
    (void)state;
    json_int_t session = make_session("Killed", 2 * MANY);
    snprintf(path, sizeof path, "/sessions/%lld", (long long)session);
    struct jmt_request request = {.method = "DELETE", .path = path};
    must(jmt_http_open(&http, studio.host.port));
    must(jmt_http_send(&http, &request));
    int64_t deadline_ms = jmt_deadline_after(ATELIER_MS);
    while (total_of(session) == 2 * MANY)
        assert_true(jmt_clock_ms() < deadline_ms);
    (void)make_session("Killed", 0);
    jmt_host_kill(&studio.host);
    jmt_http_close(&http);
    must(jmt_host_restart(&studio.host));
    while (status_of(session) != 404)
        assert_true(jmt_clock_ms() < deadline_ms);
    assert_int_equal(total_of(session), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_session_follows_its_batch),
        cmocka_unit_test(test_a_large_session_goes),
        cmocka_unit_test(test_a_deletion_survives_a_kill),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
