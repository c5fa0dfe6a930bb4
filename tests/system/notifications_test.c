/* /notifications: subscriptions and settings, kept in the database. */
#include "zoo.h"

#include <string.h>

static struct zoo zoo;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "system", NULL);
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static json_t *post(int status, const char *path, json_t *body_take)
{
    return ask(&zoo.studio, status, "POST", path, body_take);
}

static json_t *subscription(const char *endpoint)
{
    return json_pack("{s:s, s:{s:s, s:s}}", "endpoint", endpoint, "keys", "p256dh", "key", "auth",
                     "secret");
}

static void refused(const char *path, json_t *body_take, const char *words)
{
    json_t *answer = post(400, path, body_take);
    assert_false(bool_of(answer, "success"));
    if (!strstr(text_of(answer, "error"), words))
        fail_msg("%s says \"%s\", not \"%s\"", path, text_of(answer, "error"), words);
    json_decref(answer);
}

static void test_subscribe(void **state)
{
    (void)state;
    json_t *answer = post(201, "/notifications/subscribe", subscription("https://push.example/1"));
    assert_true(bool_of(answer, "success"));
    expect_text(answer, "message", "Subscription created successfully");
    const json_t *made = object_of(answer, "subscription");
    expect_text(made, "endpoint", "https://push.example/1");
    expect_text(object_of(made, "keys"), "auth", "secret");
    expect_time(made, "created_at");
    (void)text_of(made, "user_agent");
    json_decref(answer);
    answer = post(200, "/notifications/subscribe", subscription("https://push.example/1"));
    assert_true(bool_of(answer, "success"));
    json_decref(answer);
    json_decref(post(201, "/notifications/subscribe", subscription("https://push.example/2")));

    zoo_restart(&zoo, NULL);
    answer = ask(&zoo.studio, 200, "GET", "/notifications/subscriptions", NULL);
    assert_true(bool_of(answer, "success"));
    expect_int(answer, "count", 2);
    expect_text(json_array_get(list_of(answer, "subscriptions"), 1), "endpoint",
                "https://push.example/2");
    json_decref(answer);
}

static void test_unsubscribe(void **state)
{
    (void)state;
    json_decref(post(200, "/notifications/subscribe", subscription("https://push.example/1")));
    json_t *answer = post(200, "/notifications/unsubscribe",
                          json_pack("{s:s}", "endpoint", "https://push.example/1"));
    assert_true(bool_of(answer, "success"));
    expect_text(answer, "message", "Subscription removed successfully");
    json_decref(answer);
    answer = post(404, "/notifications/unsubscribe",
                  json_pack("{s:s}", "endpoint", "https://push.example/1"));
    assert_false(bool_of(answer, "success"));
    expect_text(answer, "message", "Subscription not found");
    json_decref(answer);
}

static void test_refused(void **state)
{
    char long_endpoint[4000];
    (void)state;
    memset(long_endpoint, 'x', sizeof long_endpoint);
    long_endpoint[sizeof long_endpoint - 1] = '\0';
    refused("/notifications/subscribe", NULL, "No data provided");
    refused("/notifications/subscribe", json_pack("{s:{}}", "keys"), "Endpoint is required");
    refused("/notifications/subscribe", json_pack("{s:i}", "endpoint", 3), "endpoint must be");
    refused("/notifications/subscribe", json_pack("{s:s}", "endpoint", long_endpoint), "at most");
    refused("/notifications/subscribe", json_pack("{s:s, s:i}", "endpoint", "x", "keys", 1),
            "keys must be");
    refused("/notifications/unsubscribe", json_pack("{s:s}", "x", "y"), "Endpoint is required");
    refused("/notifications/settings", json_pack("{s:s}", "enabled", "yes"), "enabled must be");
    refused("/notifications/settings", json_pack("{s:{s:i}}", "types", "error", 1), "types.error");
    refused("/notifications/settings", json_pack("{s:{s:s}}", "quiet_hours", "start", "25:00"),
            "quiet_hours");
    refused("/notifications/track", NULL, "No data provided");
}

static void test_settings(void **state)
{
    (void)state;
    json_t *wanted =
        json_pack("{s:b, s:{s:b, s:b, s:b, s:b}, s:{s:b, s:s, s:s}}", "enabled", 1, "types",
                  "processing_complete", 1, "approval_required", 1, "error", 1, "export_complete",
                  1, "quiet_hours", "enabled", 0, "start", "22:00", "end", "08:00");
    json_t *answer = ask(&zoo.studio, 200, "GET", "/notifications/settings", NULL);
    assert_true(bool_of(answer, "success"));
    assert_true(json_equal(object_of(answer, "settings"), wanted));
    json_decref(answer);
    answer = post(200, "/notifications/settings",
                  json_pack("{s:b, s:{s:b}, s:s}", "enabled", 0, "types", "error", 0, "own", "x"));
    json_object_set_new(wanted, "enabled", json_false());
    json_object_set_new(object_of(wanted, "types"), "error", json_false());
    json_object_set_new(wanted, "own", json_string("x"));
    assert_true(json_equal(object_of(answer, "settings"), wanted));
    json_decref(answer);
    zoo_restart(&zoo, NULL);
    answer = ask(&zoo.studio, 200, "GET", "/notifications/settings", NULL);
    assert_true(json_equal(object_of(answer, "settings"), wanted));
    json_decref(answer);
    json_decref(wanted);
}

static void test_track(void **state)
{
    (void)state;
    json_t *answer = post(200, "/notifications/track", json_pack("{s:s}", "action", "clicked"));
    assert_true(bool_of(answer, "success"));
    expect_text(answer, "message", "Tracking recorded");
    json_decref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subscribe), cmocka_unit_test(test_unsubscribe),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_settings),
        cmocka_unit_test(test_track),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
