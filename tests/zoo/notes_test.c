/* What a handler writes and publishes, and how it is taken back: alone, in a burst, by message. */
#include "burst.h"

#include <stdlib.h>
#include <string.h>

static struct zoo zoo;
static struct jmt_ws ws;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "everything partial neighbour",
             zoo_option("everything", "tick_ms", json_integer(1000)));
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static int listen(void **state)
{
    (void)state;
    listen_open(&ws, &zoo.studio, "everything");
    return 0;
}

static int hang_up(void **state)
{
    (void)state;
    jmt_ws_fini(&ws);
    return 0;
}

static json_int_t count_of(const char *what)
{
    json_t *counts = ask(&zoo.studio, 200, "GET", "/everything/counts", NULL);
    json_int_t count = int_of(counts, what);
    json_decref(counts);
    return count;
}

static json_int_t next_stored(void)
{
    json_t *event = listen_event(&ws, "everything_stored", "everything");
    json_int_t id = int_of(event, "id");
    json_decref(event);
    return id;
}

static json_t *note(const char *text)
{
    return json_pack("{s:s}", "text", text);
}

static void test_stored(void **state)
{
    json_int_t before = count_of("notes");
    json_int_t kept = count_of("kept");
    (void)state;
    json_t *answer = ask(&zoo.studio, 201, "POST", "/everything/notes", note("stored"));
    assert_int_equal(next_stored(), int_of(answer, "id"));
    json_decref(answer);
    assert_int_equal(count_of("notes"), before + 1);
    assert_int_equal(count_of("kept"), kept + 1);
    assert_true(zoo_metric(&zoo, "junmai_everything_notes") == (double)before + 1);
    listen_quiet(&ws);
}

/* One that fails takes back its row and its event; one that has answered keeps the answer. */
static void test_taken_back(void **state)
{
    json_int_t before = count_of("notes");
    (void)state;
    ask_refused(&zoo.studio, 400, "POST", "/everything/fail", note("failed"), "on purpose");
    json_t *answer = ask(&zoo.studio, 207, "POST", "/everything/confess", note("confessed"));
    assert_false(bool_of(answer, "kept"));
    json_decref(answer);
    assert_int_equal(count_of("notes"), before);
    listen_quiet(&ws);
    json_decref(ask(&zoo.studio, 201, "POST", "/everything/notes", note("failed")));
    (void)next_stored();
    json_t *again = ask(&zoo.studio, 409, "POST", "/everything/notes", note("failed"));
    json_decref(again);
    listen_quiet(&ws);
}

/* In one turn each call has its own savepoint, and all share one commit. */
static void test_burst(void **state)
{
    struct burst_part parts[] = {
        {"POST", "/everything/notes", "{\"text\":\"burst 1\"}", 0},
        {"POST", "/everything/fail", "{\"text\":\"burst 2\"}", 0},
        {"POST", "/everything/notes", "{\"text\":\"burst 1\"}", 0},
        {"POST", "/everything/confess", "{\"text\":\"burst 3\"}", 0},
        {"POST", "/everything/notes", "{\"text\":\"burst 4\"}", 0},
        {"GET", "/everything/echo/hello", NULL, 0},
        {"POST", "/everything/notes", "{\"text\":\"burst 5\"}", 0},
    };
    const int wanted[] = {201, 400, 409, 207, 201, 200, 201};
    json_int_t before = count_of("notes");
    double commits = zoo_metric(&zoo, "junmai_commits_total");
    int stored = 0, taken = 0;
    (void)state;
    burst_run(&zoo, parts, sizeof parts / sizeof parts[0]);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        /* Which of the two equal ones comes first is the kernel's choice. */
        bool equal = i == 0 || i == 2;
        if (!equal)
            assert_int_equal(parts[i].status, wanted[i]);
        stored += parts[i].status == 201;
        taken += parts[i].status == 409;
    }
    assert_int_equal(stored, 3);
    assert_int_equal(taken, 1);
    assert_int_equal(count_of("notes"), before + 3);
    assert_true(zoo_metric(&zoo, "junmai_commits_total") == commits + 1);
    json_int_t first = next_stored(), second = next_stored(), third = next_stored();
    assert_true(first < second && second < third);
    listen_quiet(&ws);
}

#define PIPELINED(path, body, bytes)                            \
    "POST /everything/" path " HTTP/1.1\r\nHost: 127.0.0.1\r\n" \
    "Content-Type: application/json\r\nContent-Length: " bytes "\r\n\r\n" body

/* On one connection they are answered in order. */
static void test_pipelined(void **state)
{
    static const char requests[] = PIPELINED("notes", "{\"text\":\"pipe 1\"}", "17")
        PIPELINED("fail", "{\"text\":\"pipe 2\"}", "17")
            PIPELINED("notes", "{\"text\":\"pipe 1\"}", "17")
                PIPELINED("confess", "{\"text\":\"pipe 3\"}", "17")
                    PIPELINED("notes", "{\"text\":\"pipe 2\"}", "17");
    static const int wanted[] = {201, 400, 409, 207, 201};
    struct jmt_http http;
    (void)state;
    must(jmt_http_open(&http, zoo.studio.host.port));
    must(jmt_http_send_raw(&http, requests, sizeof requests - 1));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct jmt_response response;
        must(jmt_http_receive(&http, &response, ZOO_MS));
        assert_int_equal(response.status, wanted[i]);
        jmt_response_fini(&response);
    }
    jmt_http_close(&http);
    (void)next_stored();
    (void)next_stored();
    listen_quiet(&ws);
}

static void test_messages(void **state)
{
    json_int_t before = count_of("notes");
    (void)state;
    json_decref(listen_answer(&ws, "{\"type\":\"register\",\"client_type\":\"mobile\"}"));
    json_t *answer = listen_answer(&ws, "{\"type\":\"everything_echo\",\"x\":1}");
    expect_text(answer, "type", "everything_echoed");
    expect_text(answer, "from", "mobile");
    expect_int(answer, "bytes", 32);
    json_decref(answer);
    must(jmt_ws_send_text(&ws, "{\"type\":\"everything_note\",\"n\":1}"));
    json_decref(listen_for(&ws, "everything_noted"));
    json_decref(listen_for(&ws, "everything_stored"));
    assert_int_equal(count_of("notes"), before + 1);

    /* The same note again breaks the table's rule; its sender is told. */
    listen_refused(&ws, "{\"type\":\"everything_note\",\"n\":1}", "everything_notes.text");
    assert_int_equal(count_of("notes"), before + 1);
    listen_quiet(&ws);
}

/* A message handler that fails: an error frame, its message stays, its note does not. */
static void test_failing_message(void **state)
{
    json_int_t before = count_of("notes");
    (void)state;
    must(jmt_ws_send_text(&ws, "{\"type\":\"everything_note\",\"n\":\"fail\"}"));
    json_t *error = listen_for(&ws, "error");
    expect_text(error, "error", "on purpose");
    expect_time(error, "timestamp");
    json_decref(error);
    json_decref(listen_for(&ws, "everything_noted"));
    assert_int_equal(count_of("notes"), before);
    listen_quiet(&ws);
    listen_refused(&ws, "{\"type\":\"everything_nothing\"}",
                   "Unknown message type: everything_nothing");
}

static void expect_sql(int status, const char *sql, const char *words)
{
    char path[256];
    struct jmt_buffer escaped = {0};
    jmt_buffer_append(&escaped, "", 0);
    for (const char *at = sql; *at; at++)
        jmt_buffer_printf(&escaped, "%%%02x", (unsigned char)*at);
    snprintf(path, sizeof path, "/everything/sql?text=%s", escaped.bytes);
    jmt_buffer_fini(&escaped);
    if (words)
        ask_refused(&zoo.studio, status, "POST", path, NULL, words);
    else
        json_decref(ask(&zoo.studio, status, "POST", path, NULL));
}

/* A plugin has its own tables, and no others. */
static void test_tables(void **state)
{
    (void)state;
    zoo_expect(&zoo, "neighbour", "active", NULL);
    expect_sql(200, "SELECT * FROM everything_notes", NULL);
    expect_sql(403, "SELECT * FROM neighbour_secrets", "neighbour_secrets");
    expect_sql(403, "DELETE FROM neighbour_secrets", "neighbour_secrets");
    expect_sql(403, "SELECT * FROM junmai_events", "junmai_events");
    expect_sql(403, "SELECT * FROM sqlite_master", "sqlite_master");
    expect_sql(403, "CREATE TABLE everything_x (x)", "migrations");
    expect_sql(403, "DROP TABLE everything_notes", "migrations");
    expect_sql(403, "PRAGMA user_version", "user_version");
    expect_sql(403, "ATTACH 'x' AS y", NULL);
    expect_sql(403, "COMMIT", "transactions");
    expect_sql(400, "SELEC 1", "SELEC");
    expect_sql(400, "SELECT * FROM everything_nothing", "everything_nothing");
    listen_quiet(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stored, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_taken_back, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_burst, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_pipelined, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_messages, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_failing_message, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_tables, listen, hang_up),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
