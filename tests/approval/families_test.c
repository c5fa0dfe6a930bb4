/* The three families decide alike: each in its own shape, with the same events and the same row. */
#include "desk.h"

#include <stdio.h>
#include <string.h>

static struct studio studio;
static json_int_t session;

struct family {
    const char *prefix;
    bool has_success;           /* its answers and errors carry "success" */
    const char *default_reason; /* of a rejection */
};

static const struct family families[] = {
    {"/approval", false, "User rejected"},
    {"/api/approval", false, "User rejected"},
    {"/photos", true, ""},
};

#define FAMILIES (sizeof families / sizeof families[0])

static int open_studio(void **state)
{
    (void)state;
    desk_open(&studio, DESK_PLUGINS);
    session = desk_session(&studio, "Wedding");
    /* One that is never decided on keeps the session open. */
    desk_photo(&studio, session);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_t *decide(const struct family *family, json_int_t photo, const char *verb,
                      json_t *body_take, const char *message)
{
    json_t *answer = desk_post(&studio, 200, family->prefix, photo, verb, body_take);
    expect_text(answer, "message", message);
    if (family->has_success) {
        assert_true(bool_of(answer, "success"));
        expect_int(object_of(answer, "photo"), "id", photo);
    } else {
        expect_int(answer, "photo_id", photo);
    }
    return answer;
}

static void expect_photo_event(struct jmt_ws *ws, const char *type, json_int_t photo,
                               const char *reason)
{
    json_t *event = listen_event(ws, type, "photos");
    expect_int(event, "photo_id", photo);
    expect_int(event, "session_id", session);
    if (reason != NULL)
        expect_text(event, "reason", reason);
    json_decref(event);
}

static void test_approve_of_each_family(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        struct jmt_ws ws;
        json_int_t photo = desk_photo(&studio, session);
        json_int_t before = desk_waiting(&studio);
        listen_open(&ws, &studio, "photos,approval");
        json_decref(decide(&families[i], photo, "approve", NULL, "Photo approved successfully"));
        desk_expect(&studio, photo, "completed", true, NULL);
        assert_int_equal(desk_waiting(&studio), before - 1);
        expect_photo_event(&ws, "photo_approved", photo, NULL);
        desk_expect_queue(&ws, &studio, session);
        /* Again, through every family: a success, and nothing happens. */
        for (size_t k = 0; k < FAMILIES; k++)
            json_decref(
                decide(&families[k], photo, "approve", NULL, "Photo approved successfully"));
        listen_quiet(&ws);
        jmt_ws_fini(&ws);
    }
}

static void test_reject_of_each_family(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        struct jmt_ws ws;
        json_int_t photo = desk_photo(&studio, session);
        listen_open(&ws, &studio, "photos,approval");
        json_decref(decide(&families[i], photo, "reject", json_pack("{s:s}", "reason", "blurred"),
                           "Photo rejected successfully"));
        desk_expect(&studio, photo, "rejected", false, "blurred");
        expect_photo_event(&ws, "photo_rejected", photo, "blurred");
        desk_expect_queue(&ws, &studio, session);
        for (size_t k = 0; k < FAMILIES; k++) {
            json_decref(decide(&families[k], photo, "reject", NULL, "Photo rejected successfully"));
            json_decref(decide(&families[k], photo, "reject",
                               json_pack("{s:s}", "reason", "blurred"),
                               "Photo rejected successfully"));
        }
        listen_quiet(&ws);
        desk_expect(&studio, photo, "rejected", false, "blurred");
        jmt_ws_fini(&ws);
    }
}

static void test_default_reasons(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        json_int_t photo = desk_photo(&studio, session);
        json_decref(decide(&families[i], photo, "reject", NULL, "Photo rejected successfully"));
        desk_expect(&studio, photo, "rejected", false, families[i].default_reason);
    }
}

static void test_another_reason_is_another_decision(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = desk_photo(&studio, session);
    json_decref(decide(&families[0], photo, "reject", NULL, "Photo rejected successfully"));
    listen_open(&ws, &studio, "photos");
    json_decref(decide(&families[1], photo, "reject", json_pack("{s:s}", "reason", "eyes closed"),
                       "Photo rejected successfully"));
    expect_photo_event(&ws, "photo_rejected", photo, "eyes closed");
    desk_expect(&studio, photo, "rejected", false, "eyes closed");
    jmt_ws_fini(&ws);
}

/* Fault 24 of the first implementation: the row said both. */
static void test_reject_after_approve_and_the_reverse(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        json_int_t photo = desk_photo(&studio, session);
        const struct family *other = &families[(i + 1) % FAMILIES];
        json_decref(decide(&families[i], photo, "approve", NULL, "Photo approved successfully"));
        json_decref(decide(other, photo, "reject", json_pack("{s:s}", "reason", "noise"),
                           "Photo rejected successfully"));
        desk_expect(&studio, photo, "rejected", false, "noise");
        json_decref(decide(&families[i], photo, "approve", NULL, "Photo approved successfully"));
        desk_expect(&studio, photo, "completed", true, NULL);
    }
}

/* The bodyless POST without Content-Type that the desktop program sends, and the phone's with one.
 * */
static void test_m2_a_missing_body_is_no_mistake(void **state)
{
    static const char *const types[] = {NULL, "application/json"};
    static const char *const verbs[] = {"approve", "reject"};
    char path[96];
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        for (size_t k = 0; k < 4; k++) {
            json_int_t photo = desk_photo(&studio, session);
            snprintf(path, sizeof path, "%s/%lld/%s", families[i].prefix, (long long)photo,
                     verbs[k / 2]);
            json_decref(ask_text(&studio, 200, "POST", path, types[k % 2], NULL));
            json_t *now = desk_look(&studio, photo);
            assert_int_equal(bool_of(now, "approved"), k < 2);
            json_decref(now);
        }
    }
}

static void test_unknown_photographs(void **state)
{
    static const char *const verbs[] = {"approve", "reject"};
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        for (size_t k = 0; k < 2; k++) {
            json_t *answer = desk_post(&studio, 404, families[i].prefix, 4711, verbs[k], NULL);
            expect_text(answer, "error",
                        families[i].has_success ? "Photo not found: 4711" : "Photo not found");
            if (families[i].has_success)
                assert_false(bool_of(answer, "success"));
            json_decref(answer);
        }
    }
    json_decref(desk_post(&studio, 404, "/api/approval", 4711, "modify",
                          json_pack("{s:s}", "new_preset", "Warm")));
    json_decref(desk_post(&studio, 404, "/api/approval", 4711, "undo", NULL));
    json_decref(ask(&studio, 404, "POST", "/approval/one/approve", NULL));
}

static void test_wrong_types(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = desk_photo(&studio, session);
    listen_open(&ws, &studio, "photos,approval");
    for (size_t i = 0; i < FAMILIES; i++)
        json_decref(desk_post(&studio, 400, families[i].prefix, photo, "reject",
                              json_pack("{s:i}", "reason", 7)));
    json_decref(desk_post(&studio, 400, "/api/approval", photo, "approve",
                          json_pack("{s:s}", "auto_export", "yes")));
    json_decref(
        desk_post(&studio, 400, "/photos", photo, "approve", json_pack("{s:i}", "auto_export", 1)));
    json_decref(ask_text(&studio, 400, "POST", "/api/approval/1/reject", "application/json",
                         "{\"reason\":"));
    listen_quiet(&ws);
    desk_expect(&studio, photo, "completed", false, NULL);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_approve_of_each_family),
        cmocka_unit_test(test_reject_of_each_family),
        cmocka_unit_test(test_default_reasons),
        cmocka_unit_test(test_another_reason_is_another_decision),
        cmocka_unit_test(test_reject_after_approve_and_the_reverse),
        cmocka_unit_test(test_m2_a_missing_body_is_no_mistake),
        cmocka_unit_test(test_unknown_photographs),
        cmocka_unit_test(test_wrong_types),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
