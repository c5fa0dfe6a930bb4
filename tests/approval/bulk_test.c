/* Many photographs with one request: one turn, an event for each change, the queue told once. */
#include "desk.h"

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

static void expect_result(const json_t *answer, size_t index, json_int_t photo, const char *result)
{
    const json_t *entry = json_array_get(list_of(answer, "results"), index);
    expect_int(entry, "photo_id", photo);
    expect_text(entry, "result", result);
}

static void expect_counts(const json_t *answer, json_int_t changed, json_int_t unchanged,
                          json_int_t not_found)
{
    expect_int(answer, "changed", changed);
    expect_int(answer, "unchanged", unchanged);
    expect_int(answer, "not_found", not_found);
}

static void test_each_has_its_result(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t first = desk_photos(&studio, 3, 0);
    json_decref(desk_post(&studio, 200, "/approval", first + 1, "approve", NULL));
    listen_open(&ws, &studio, "photos,approval");
    json_t *answer =
        ask(&studio, 200, "POST", "/api/approval/approve",
            json_pack("{s:[I,I,I,I,I]}", "photo_ids", first, first + 1, 4711LL, first + 2, first));
    expect_text(answer, "message", "Photos approved successfully");
    expect_counts(answer, 2, 2, 1);
    assert_int_equal(json_array_size(list_of(answer, "results")), 5);
    expect_result(answer, 0, first, "approved");
    expect_result(answer, 1, first + 1, "unchanged");
    expect_result(answer, 2, 4711, "not_found");
    expect_result(answer, 3, first + 2, "approved");
    expect_result(answer, 4, first, "unchanged");
    json_decref(answer);
    for (int i = 0; i < 2; i++) {
        json_t *event = listen_event(&ws, "photo_approved", "photos");
        expect_int(event, "photo_id", i == 0 ? first : first + 2);
        expect_null(event, "session_id");
        json_decref(event);
    }
    desk_expect_queue(&ws, &studio, 0);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_nothing_changes_nothing_is_told(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    json_decref(desk_post(&studio, 200, "/approval", photo, "reject", NULL));
    listen_open(&ws, &studio, "photos,approval");
    json_t *answer = ask(&studio, 200, "POST", "/api/approval/reject",
                         json_pack("{s:[I,I]}", "photo_ids", photo, 4711LL));
    expect_counts(answer, 0, 1, 1);
    json_decref(answer);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static json_t *ids_from(json_int_t first, int count)
{
    json_t *ids = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(ids, json_integer(first + i));
    return ids;
}

static void test_a_thousand_in_one_turn(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t first = desk_photos(&studio, 1000, 0);
    json_int_t before = desk_waiting(&studio);
    listen_open(&ws, &studio, "photos,approval");
    json_t *answer =
        ask(&studio, 200, "POST", "/api/approval/reject",
            json_pack("{s:o, s:s}", "photo_ids", ids_from(first, 1000), "reason", "second choice"));
    expect_counts(answer, 1000, 0, 0);
    json_decref(answer);
    for (int i = 0; i < 1000; i++) {
        json_t *event = listen_event(&ws, "photo_rejected", "photos");
        expect_int(event, "photo_id", first + i);
        expect_text(event, "reason", "second choice");
        json_decref(event);
    }
    desk_expect_queue(&ws, &studio, 0);
    listen_quiet(&ws);
    assert_int_equal(desk_waiting(&studio), before - 1000);
    desk_expect(&studio, first + 999, "rejected", false, "second choice");
    json_decref(desk_post(&studio, 200, "/api/approval", first + 500, "undo", NULL));
    assert_int_equal(desk_waiting(&studio), before - 999);
    jmt_ws_fini(&ws);
}

static void test_bad_lists(void **state)
{
    static const char path[] = "/api/approval/approve";
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = desk_photo(&studio, 0);
    listen_open(&ws, &studio, "photos,approval");
    ask_refused(&studio, 400, "POST", path, NULL, "photo_ids is required");
    ask_refused(&studio, 400, "POST", path, json_pack("{s:[]}", "photo_ids"), "non-empty list");
    ask_refused(&studio, 400, "POST", path, json_pack("{s:I}", "photo_ids", photo),
                "non-empty list");
    ask_refused(&studio, 400, "POST", path, json_pack("{s:[I,s]}", "photo_ids", photo, "2"),
                "number 2 is a text");
    ask_refused(&studio, 400, "POST", path, json_pack("{s:[I,i]}", "photo_ids", photo, -2),
                "not positive");
    ask_refused(&studio, 400, "POST", path, json_pack("{s:o}", "photo_ids", ids_from(1, 1001)),
                "at most 1000");
    ask_refused(&studio, 400, "POST", "/api/approval/reject",
                json_pack("{s:[I], s:i}", "photo_ids", photo, "reason", 1), "reason");
    listen_quiet(&ws);
    desk_expect(&studio, photo, "completed", false, NULL);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_result),
        cmocka_unit_test(test_nothing_changes_nothing_is_told),
        cmocka_unit_test(test_a_thousand_in_one_turn),
        cmocka_unit_test(test_bad_lists),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
