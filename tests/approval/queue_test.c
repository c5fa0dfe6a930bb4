/* The three queue routes: membership, order, paging, and what the old clients need of the items. */
#include "desk.h"

#include <stdio.h>
#include <string.h>

static struct studio studio;
static json_int_t session;
static json_int_t first; /* of six photographs; the first three are in the session */

static void patch(json_int_t photo, json_t *changes_take)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    json_decref(ask(&studio, 200, "PATCH", path, changes_take));
}

static int open_studio(void **state)
{
    (void)state;
    desk_open(&studio, DESK_PLUGINS);
    session = desk_session(&studio, "Portraits");
    first = desk_photos(&studio, 3, session);
    desk_photos(&studio, 3, 0);
    desk_score(&studio, first, 3);
    desk_score(&studio, first + 2, 5);
    desk_score(&studio, first + 4, 4);
    patch(first + 5, json_pack("{s:b}", "approved", 1));
    patch(first + 1, json_pack("{s:s}", "status", "processing"));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* The photographs of a queue are those, in that order; as offsets from the first, "2 4 0". */
static void expect_order(const char *path, const char *wanted)
{
    char got[64] = "";
    size_t i;
    json_t *photo;
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    json_array_foreach(list_of(answer, "photos"), i, photo)
    {
        size_t used = strlen(got);
        snprintf(got + used, sizeof got - used, "%s%lld", i == 0 ? "" : " ",
                 (long long)(int_of(photo, "id") - first));
    }
    assert_string_equal(got, wanted);
    expect_int(answer, "count", (json_int_t)json_array_size(list_of(answer, "photos")));
    json_decref(answer);
}

static void test_membership_and_order(void **state)
{
    (void)state;
    expect_order("/approval/queue", "4 3 2 0");
    expect_order("/approval/queue?limit=2", "4 3");
    expect_order("/photos/approval/queue", "4 3 2 0");
    expect_order("/photos/approval/queue?limit=2&offset=1", "3 2");
    expect_order("/api/approval/queue", "2 4 0 3");
    expect_order("/api/approval/queue?limit=1&offset=1", "4");
    expect_order("/api/approval/queue?min_score=4", "2 4");
}

static void test_session_filter(void **state)
{
    char path[96];
    (void)state;
    snprintf(path, sizeof path, "/api/approval/queue?session_id=%lld", (long long)session);
    expect_order(path, "2 0");
    expect_order("/api/approval/queue?session_id=4711", "");
}

static void test_shapes(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 200, "GET", "/approval/queue?limit=1", NULL);
    assert_int_equal(json_object_size(answer), 2);
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/api/approval/queue?limit=1&offset=2", NULL);
    expect_int(answer, "total", 4);
    expect_int(answer, "offset", 2);
    expect_int(answer, "limit", 1);
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/photos/approval/queue?offset=3", NULL);
    assert_true(bool_of(answer, "success"));
    expect_int(answer, "total_count", 4);
    expect_int(answer, "offset", 3);
    expect_int(answer, "limit", 50);
    expect_int(answer, "count", 1);
    json_decref(answer);
}

static void test_bad_parameters(void **state)
{
    (void)state;
    ask_refused(&studio, 400, "GET", "/approval/queue?limit=many", NULL, "limit");
    ask_refused(&studio, 400, "GET", "/approval/queue?limit=-1", NULL, "limit");
    ask_refused(&studio, 400, "GET", "/api/approval/queue?offset=x", NULL, "offset");
    ask_refused(&studio, 400, "GET", "/api/approval/queue?min_score=good", NULL, "min_score");
    ask_refused(&studio, 400, "GET", "/api/approval/queue?session_id=one", NULL, "session_id");
    json_t *answer = ask(&studio, 400, "GET", "/photos/approval/queue?limit=1.5", NULL);
    assert_false(bool_of(answer, "success"));
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/api/approval/queue?limit=5000", NULL);
    expect_int(answer, "limit", 1000);
    json_decref(answer);
}

static void for_each_item(void (*check)(const json_t *item))
{
    static const char *const paths[] = {"/approval/queue", "/api/approval/queue",
                                        "/photos/approval/queue"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        size_t k;
        json_t *item;
        json_t *answer = ask(&studio, 200, "GET", paths[i], NULL);
        assert_int_equal(json_array_size(list_of(answer, "photos")), 4);
        json_array_foreach(list_of(answer, "photos"), k, item)
        {
            check(item);
        }
        json_decref(answer);
    }
}

static void check_no_null(const json_t *item)
{
    (void)number_of(item, "ai_score");
    (void)number_of(item, "focus_score");
    (void)number_of(item, "exposure_score");
    (void)number_of(item, "composition_score");
    (void)text_of(item, "subject_type");
    (void)text_of(item, "context_tag");
    (void)text_of(item, "selected_preset");
    expect_text(item, "status", "completed");
    assert_false(bool_of(item, "approved"));
}

static void test_m3_items_have_no_null_that_breaks_the_desktop(void **state)
{
    (void)state;
    for_each_item(check_no_null);
}

static void check_thumbnail(const json_t *item)
{
    char wanted[96];
    snprintf(wanted, sizeof wanted, "http://127.0.0.1:%d/api/photos/%lld/thumbnail",
             studio.host.port, (long long)int_of(item, "id"));
    expect_text(item, "thumbnail_url", wanted);
}

/* What the first item's thumbnail_url is for a request with these headers. */
static void expect_url(const char *host, const char *headers, const char *beginning)
{
    struct jmt_request request = {.path = "/approval/queue", .host = host, .headers = headers};
    struct jmt_response response;
    ask_raw(&studio, &request, &response);
    assert_int_equal(response.status, 200);
    json_t *answer = json_loadb(response.body, response.body_bytes, 0, NULL);
    const char *url = text_of(json_array_get(list_of(answer, "photos"), 0), "thumbnail_url");
    assert_memory_equal(url, beginning, strlen(beginning));
    json_decref(answer);
    jmt_response_fini(&response);
}

static void test_m4_items_have_an_absolute_thumbnail_url(void **state)
{
    char host[32];
    char wanted[96];
    (void)state;
    for_each_item(check_thumbnail);
    snprintf(host, sizeof host, "localhost:%d", studio.host.port);
    snprintf(wanted, sizeof wanted, "http://%s/api/photos/", host);
    expect_url(host, NULL, wanted);
    snprintf(wanted, sizeof wanted, "https://%s/api/photos/", host);
    expect_url(host, "X-Forwarded-Proto: https\r\n", wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_membership_and_order),
        cmocka_unit_test(test_session_filter),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_bad_parameters),
        cmocka_unit_test(test_m3_items_have_no_null_that_breaks_the_desktop),
        cmocka_unit_test(test_m4_items_have_an_absolute_thumbnail_url),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
