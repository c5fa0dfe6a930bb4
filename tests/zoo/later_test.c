/* What a plugin does later: timers, watches, work on the pool; and what becomes of it when the client
 * leaves or the host ends. */
#include "zoo.h"

#include "client/wait.h"

#include <string.h>

static struct zoo zoo;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "everything", zoo_option("everything", "tick_ms", json_integer(5)));
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static json_t *post(const char *path)
{
    return ask(&zoo.studio, 200, "POST", path, NULL);
}

static void test_deferred_answers(void **state)
{
    (void)state;
    json_t *answer = post("/everything/later");
    expect_text(answer, "from", "timer");
    json_decref(answer);
    answer = post("/everything/work");
    expect_text(answer, "from", "work");
    expect_int(answer, "sum", 500500);
    json_decref(answer);
    answer = post("/everything/pipe");
    expect_text(answer, "from", "watch");
    expect_text(answer, "byte", "x");
    json_decref(answer);
}

static void test_ticker(void **state)
{
    struct jmt_ws ws;
    json_int_t last = 0;
    (void)state;
    listen_open(&ws, &zoo.studio, "everything_ticks");
    for (int i = 0; i < 3; i++) {
        json_t *event = listen_event(&ws, "everything_ticked", "everything_ticks");
        assert_true(int_of(event, "ticks") > last);
        last = int_of(event, "ticks");
        json_decref(event);
    }
    jmt_ws_fini(&ws);

    /* The same number through the plugin's service. */
    json_t *counts = ask(&zoo.studio, 200, "GET", "/everything/counts", NULL);
    assert_true(int_of(counts, "ticks") >= last);
    json_decref(counts);
}

/* Work that the pool has not begun is taken back; every completion runs exactly once. */
static void test_cancelled_work(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        json_t *answer = post("/everything/crowd");
        json_int_t ran = int_of(answer, "ran");
        assert_true(ran >= 1 && int_of(answer, "taken_back") >= 1);
        assert_int_equal(ran + int_of(answer, "taken_back"), 64);
        json_decref(answer);
    }
}

/* How many requests the plugin holds, as /plugins tells it. */
static int held_requests(const struct zoo *host)
{
    json_t *plugin = zoo_plugin(host, "everything");
    json_t *lease;
    size_t i;
    int held = 0;
    json_array_foreach(list_of(plugin, "leases"), i, lease)
    {
        held += strcmp(text_of(lease, "kind"), "request") == 0;
        assert_true(int_of(lease, "age_ms") >= 0);
    }
    json_decref(plugin);
    return held;
}

static void wait_for_held(const struct zoo *host, int wanted)
{
    int64_t deadline_ms = jmt_deadline_after(ZOO_MS);
    while (held_requests(host) != wanted)
        assert_true(jmt_clock_ms() < deadline_ms);
}

/* A request that is never answered is a lease of the plugin; its client may leave. */
static void test_client_leaves(void **state)
{
    struct jmt_http http;
    const struct jmt_request request = {.method = "POST", .path = "/everything/never"};
    (void)state;
    must(jmt_http_open(&http, zoo.studio.host.port));
    must(jmt_http_send(&http, &request));
    wait_for_held(&zoo, 1);
    jmt_http_close(&http);
    wait_for_held(&zoo, 0);

    /* The same while the answer is on its way. */
    for (int i = 0; i < 20; i++) {
        const struct jmt_request later = {.method = "POST",
                                          .path = i % 2 ? "/everything/later" : "/everything/work"};
        must(jmt_http_open(&http, zoo.studio.host.port));
        must(jmt_http_send(&http, &later));
        jmt_http_close(&http);
    }
    wait_for_held(&zoo, 0);
    test_deferred_answers(state);
}

/* When the host ends, what is held is answered. */
static void test_stop_while_held(void **state)
{
    struct zoo own;
    struct jmt_http http;
    struct jmt_response response;
    const struct jmt_request request = {.method = "POST", .path = "/everything/never"};
    (void)state;
    zoo_open(&own, "everything", NULL);
    must(jmt_http_open(&http, own.studio.host.port));
    must(jmt_http_send(&http, &request));
    wait_for_held(&own, 1);
    must(jmt_process_signal(&own.studio.host.process, SIGTERM));
    must(jmt_http_receive(&http, &response, ZOO_MS));
    assert_int_equal(response.status, 503);
    assert_non_null(strstr(response.body, "is being stopped"));
    jmt_response_fini(&response);
    jmt_http_close(&http);
    assert_int_equal(jmt_process_wait(&own.studio.host.process, ZOO_MS), 0);
    must(jmt_host_restart(&own.studio.host));
    zoo_close(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deferred_answers), cmocka_unit_test(test_ticker),
        cmocka_unit_test(test_cancelled_work),   cmocka_unit_test(test_client_leaves),
        cmocka_unit_test(test_stop_while_held),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
