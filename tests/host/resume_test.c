/* Coming back: what a client that names its place gets, and what it is told. */
#include "check.h"
#include "listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    studio_open_diary(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* Where the log stands: epoch, seq and cursor. */
static json_t *place(void)
{
    struct jmt_ws ws;
    json_t *welcome = listen_welcome(&ws, &studio);
    jmt_ws_fini(&ws);
    return welcome;
}

static void write_diary(const char *type, int n)
{
    json_decref(ask(&studio, 200, "POST", "/diary",
                    json_pack("{s:s, s:i, s:i}", "type", type, "n", n, "page", 1)));
}

static void restart(bool gently)
{
    if (gently)
        must(jmt_host_stop(&studio.host));
    else
        jmt_host_kill(&studio.host);
    must(jmt_host_restart(&studio.host));
}

/* Resumes channels ("diary,jobs") behind a place, on a connection of its own. */
static json_t *resume(struct jmt_ws *ws_out, const char *channels, const json_t *since)
{
    json_t *names = json_array();
    json_t *confirmation;
    for (const char *at = channels; *at != '\0'; at += at[strcspn(at, ",")] ? 1 : 0) {
        size_t length = strcspn(at, ",");
        json_array_append_new(names, json_stringn(at, length));
        at += length;
    }
    json_decref(listen_welcome(ws_out, &studio));
    must(jmt_ws_send_json(ws_out, json_pack("{s:s, s:o, s:O, s:O}", "type", "subscribe", "channels",
                                            names, "since", json_object_get(since, "seq"), "epoch",
                                            json_object_get(since, "epoch"))));
    /* Nothing comes before the confirmation. */
    must(jmt_ws_receive_json(ws_out, &confirmation, LISTEN_MS));
    expect_text(confirmation, "type", "subscription_confirmed");
    return confirmation;
}

static void expect_verdict(const json_t *confirmation, bool recovered)
{
    assert_int_equal(bool_of(confirmation, "recovered"), recovered);
    if (recovered)
        assert_null(json_object_get(confirmation, "missed"));
}

static void expect_n(struct jmt_ws *ws, const char *type, int n)
{
    json_t *event = listen_event(ws, type, "diary");
    expect_int(event, "n", n);
    json_decref(event);
}

/* Confirmation, replay, live events; each once. */
static void test_order(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_t *since = place();
    for (int i = 1; i <= 5; i++)
        write_diary(i % 2 == 0 ? "remark" : "entry", i);
    json_t *confirmation = resume(&ws, "diary", since);
    write_diary("entry", 6);
    expect_verdict(confirmation, true);
    assert_true(seq_of(confirmation) > seq_of(since));
    for (int i = 1; i <= 6; i++)
        expect_n(&ws, i % 2 == 0 && i < 6 ? "remark" : "entry", i);
    listen_quiet(&ws);
    json_decref(confirmation);
    json_decref(since);
    jmt_ws_fini(&ws);
}

/* The newest of each page is enough. */
static void test_conflated(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_t *since = place();
    for (int i = 1; i <= 5; i++)
        write_diary("state", i);
    json_t *confirmation = resume(&ws, "diary", since);
    expect_verdict(confirmation, true);
    expect_n(&ws, "state", 5);
    listen_quiet(&ws);
    json_decref(confirmation);
    json_decref(since);
    jmt_ws_fini(&ws);
}

/* What lived in memory alone is gone with the run: the client is told, and gets the rest. */
static void test_memory_of_an_earlier_run(void **state)
{
    (void)state;
    for (int gently = 0; gently < 2; gently++) {
        struct jmt_ws ws;
        json_t *since = place();
        write_diary("remark", 1);
        write_diary("entry", 2);
        json_t *after = place();
        restart(gently != 0);
        json_t *confirmation = resume(&ws, "diary", since);
        expect_verdict(confirmation, false);
        const json_t *missed = object_of(confirmation, "missed");
        assert_true(int_of(missed, "from") <= seq_of(since) + 1);
        assert_true(int_of(missed, "to") >= seq_of(after) - 1);
        expect_n(&ws, "entry", 2);
        listen_quiet(&ws);
        json_decref(confirmation);
        json_decref(after);
        json_decref(since);
        jmt_ws_fini(&ws);
    }
}

/* A channel without such types resumes over a restart as if nothing had been. */
static void test_durable_over_restart(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_t *since = place();
    ask_broadcast(&studio, "jobs", "probe", json_pack("{s:i}", "n", 1), true);
    ask_broadcast(&studio, "jobs", "probe", json_pack("{s:i}", "n", 2), false);
    ask_broadcast(&studio, "jobs", "probe", json_pack("{s:i}", "n", 3), true);
    restart(false);
    json_t *confirmation = resume(&ws, "jobs", since);
    expect_verdict(confirmation, true);
    for (int n = 1; n <= 3; n += 2) {
        json_t *event = listen_event(&ws, "probe", "jobs");
        expect_int(event, "n", n);
        json_decref(event);
    }
    listen_quiet(&ws);
    json_decref(confirmation);
    json_decref(since);
    jmt_ws_fini(&ws);
}

/* Of several channels the verdict is true only if it is true for all. */
static void test_several_channels(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_t *since = place();
    write_diary("remark", 1);
    restart(true);
    json_t *confirmation = resume(&ws, "jobs,diary", since);
    expect_verdict(confirmation, false);
    json_decref(confirmation);
    jmt_ws_fini(&ws);
    confirmation = resume(&ws, "jobs", since);
    expect_verdict(confirmation, true);
    json_decref(confirmation);
    json_decref(since);
    jmt_ws_fini(&ws);
}

/* Another life of the data directory has nothing to say about this one. */
static void test_foreign_places(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_t *here = place();
    json_t *foreign =
        json_pack("{s:O, s:s}", "seq", json_object_get(here, "seq"), "epoch", "zzzzzzzzzzzzzzzz");
    json_t *confirmation = resume(&ws, "jobs", foreign);
    expect_verdict(confirmation, false);
    assert_null(json_object_get(confirmation, "missed"));
    json_decref(confirmation);
    jmt_ws_fini(&ws);

    json_t *future = json_pack("{s:I, s:O}", "seq", seq_of(here) + 1000000000, "epoch",
                               json_object_get(here, "epoch"));
    confirmation = resume(&ws, "jobs", future);
    expect_verdict(confirmation, false);
    listen_quiet(&ws);
    json_decref(confirmation);
    jmt_ws_fini(&ws);
    json_decref(future);
    json_decref(foreign);
    json_decref(here);
}

static void test_bad_places(void **state)
{
    static const char *const bad[] = {"7",  "-1,\"epoch\":\"x\"",  "\"nonsense\"", "\"a:b\"", "[1]",
                                      "{}", "1.5,\"epoch\":\"x\"", "\"x:-1\""};
    struct jmt_ws ws;
    char text[256];
    (void)state;
    listen_open(&ws, &studio, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":%s}",
                 bad[i]);
        listen_refused(&ws, text, "since");
    }
    ask_broadcast(&studio, "jobs", "probe", json_object(), false);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

/* To subscribe once more changes nothing, unless a place is given. */
static void test_second_subscribe(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_t *since = place();
    listen_open(&ws, &studio, "diary");
    write_diary("entry", 1);
    expect_n(&ws, "entry", 1);
    must(jmt_ws_subscribe(&ws, "diary", NULL));
    write_diary("entry", 2);
    expect_n(&ws, "entry", 2);
    must(jmt_ws_subscribe_with(&ws,
                               json_pack("{s:s, s:[s], s:O}", "type", "subscribe", "channels",
                                         "diary", "since", json_object_get(since, "cursor")),
                               NULL));
    write_diary("entry", 3);
    for (int n = 1; n <= 3; n++)
        expect_n(&ws, "entry", n);
    listen_quiet(&ws);
    json_decref(since);
    jmt_ws_fini(&ws);
}

/* A member called "cursor" is as good as "since", and what a confirmation says is a place. */
static void test_cursor_of_a_confirmation(void **state)
{
    struct jmt_ws ws;
    json_t *confirmation;
    (void)state;
    json_decref(listen_welcome(&ws, &studio));
    must(jmt_ws_subscribe(&ws, "diary", &confirmation));
    jmt_ws_fini(&ws);
    write_diary("entry", 1);
    json_decref(listen_welcome(&ws, &studio));
    must(
        jmt_ws_subscribe_with(&ws,
                              json_pack("{s:s, s:[s], s:O}", "type", "subscribe", "channels",
                                        "diary", "cursor", json_object_get(confirmation, "cursor")),
                              NULL));
    expect_n(&ws, "entry", 1);
    listen_quiet(&ws);
    json_decref(confirmation);
    jmt_ws_fini(&ws);
}

/* A replay that is longer than any buffer comes whole, while others go on. */
static void test_long_replay(void **state)
{
    enum { EVENTS = 3000 };
    struct jmt_ws ws;
    struct jmt_http http;
    struct jmt_response response;
    (void)state;
    json_t *since = place();
    must(jmt_http_open(&http, studio.host.port));
    for (int n = 1; n <= EVENTS; n++) {
        char body[512];
        struct jmt_request request = {.method = "POST", .path = "/diary", .body = body};
        snprintf(body, sizeof body, "{\"type\":\"entry\",\"n\":%d,\"text\":\"%0400d\"}", n, n);
        must(jmt_http_exchange(&http, &request, &response));
        assert_int_equal(response.status, 200);
        jmt_response_fini(&response);
    }
    restart(false);
    json_t *confirmation = resume(&ws, "diary", since);
    for (int n = 1; n <= EVENTS; n++)
        expect_n(&ws, "entry", n);
    listen_quiet(&ws);
    json_decref(confirmation);
    json_decref(since);
    jmt_ws_fini(&ws);
    jmt_http_close(&http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_conflated),
        cmocka_unit_test(test_memory_of_an_earlier_run),
        cmocka_unit_test(test_durable_over_restart),
        cmocka_unit_test(test_several_channels),
        cmocka_unit_test(test_foreign_places),
        cmocka_unit_test(test_bad_places),
        cmocka_unit_test(test_second_subscribe),
        cmocka_unit_test(test_cursor_of_a_confirmation),
        cmocka_unit_test(test_long_replay),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
