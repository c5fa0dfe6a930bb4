/* /logs: what happens in the studio becomes lines, and lines stay. */
#include "zoo.h"

#include "client/wait.h"

#include <poll.h>
#include <string.h>

#define WAIT_LIMIT_MS 30000

static struct zoo zoo;

static json_t *config(void)
{
    return json_pack("{s:{s:{s:i, s:i}}}", "plugins", "system", "log_max_rows", 100,
                     "performance_every_s", 1);
}

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "system", config());
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static json_t *get(const char *path)
{
    return ask(&zoo.studio, 200, "GET", path, NULL);
}

/* The first line of an answer to /logs whose `key` is that text; NULL where there is none. Borrowed. */
static json_t *find_line(const json_t *answer, const char *key, const char *text)
{
    size_t i;
    json_t *line;
    json_array_foreach(list_of(answer, "entries"), i, line)
    {
        const char *value = json_string_value(json_object_get(line, key));
        if (value && strcmp(value, text) == 0)
            return line;
    }
    return NULL;
}

/* Waits until a line is there; the line is the caller's. */
static json_t *wait_line(const char *path, const char *key, const char *text)
{
    int64_t deadline = jmt_deadline_after(WAIT_LIMIT_MS);
    for (;;) {
        json_t *answer = get(path);
        json_t *line = json_incref(find_line(answer, key, text));
        json_decref(answer);
        if (line)
            return line;
        if (jmt_clock_ms() > deadline)
            fail_msg("%s has no line whose %s is %s", path, key, text);
        poll(NULL, 0, 50);
    }
}

static void make_session(const char *name)
{
    json_decref(ask(&zoo.studio, 201, "POST", "/api/sessions",
                    json_pack("{s:s, s:s}", "name", name, "import_folder", "/in")));
}

static void broadcast_error(const char *sentence)
{
    ask_broadcast(&zoo.studio, "system", "error_occurred",
                  json_pack("{s:s, s:s, s:{}}", "error_type", "test", "error_message", sentence,
                            "error_details"),
                  true);
}

static void test_main(void **state)
{
    (void)state;
    make_session("wedding");
    json_t *line = wait_line("/logs?category=main&lines=20", "session_name", "wedding");
    expect_time(line, "timestamp");
    expect_text(line, "level", "INFO");
    expect_text(line, "logger", "sessions");
    expect_text(line, "module", "system");
    expect_text(line, "function", "session_created");
    expect_int(line, "line", 0);
    assert_non_null(strstr(text_of(line, "message"), "session_name=\"wedding\""));
    json_decref(line);
    json_t *answer = get("/logs");
    expect_text(answer, "category", "main");
    expect_int(answer, "count", (json_int_t)json_array_size(list_of(answer, "entries")));
    /* What is only said to a client is no event. */
    assert_null(find_line(answer, "function", "connection_established"));
    json_decref(answer);
}

static void test_errors(void **state)
{
    (void)state;
    broadcast_error("the lamp is broken");
    json_t *line = wait_line("/logs?category=errors", "message", "the lamp is broken");
    expect_text(line, "level", "ERROR");
    expect_text(line, "error_type", "test");
    json_decref(line);
    json_decref(wait_line("/logs?level=error", "message", "the lamp is broken"));
    json_t *answer = get("/logs?category=errors&level=INFO");
    expect_int(answer, "count", 0);
    json_decref(answer);
}

static void test_performance(void **state)
{
    (void)state;
    json_t *line =
        wait_line("/logs?category=performance&lines=10000", "function", "resource_sample");
    assert_true(number_of(line, "cpu_percent") >= 0);
    assert_true(number_of(line, "memory_percent") > 0);
    json_decref(line);
}

/* Where in the answer the line of a session is; fails where it is not. */
static size_t place_of(const json_t *answer, const char *session_name)
{
    const json_t *wanted = find_line(answer, "session_name", session_name);
    size_t i;
    json_t *line;
    json_array_foreach(list_of(answer, "entries"), i, line)
    {
        if (line == wanted)
            return i;
    }
    fail_msg("there is no line of the session %s", session_name);
    return 0;
}

static void test_oldest_first(void **state)
{
    (void)state;
    make_session("first");
    make_session("second");
    json_decref(wait_line("/logs", "session_name", "second"));
    json_t *answer = get("/logs?lines=10000");
    assert_true(place_of(answer, "first") < place_of(answer, "second"));
    json_t *newest = get("/logs?lines=2");
    const json_t *entries = list_of(newest, "entries");
    assert_int_equal(json_array_size(entries), 2);
    assert_true(strcmp(text_of(json_array_get(entries, 0), "timestamp"),
                       text_of(json_array_get(entries, 1), "timestamp")) <= 0);
    json_decref(newest);
    json_decref(answer);
}

static void test_refused(void **state)
{
    static const char category[] = "Invalid category. Must be 'main', 'performance', or 'errors'";
    static const char lines[] = "Lines must be between 1 and 10000";
    static const char *const wrong[] = {"0", "10001", "-1", "many", ""};
    (void)state;
    ask_refused(&zoo.studio, 400, "GET", "/logs?category=other", NULL, category);
    ask_refused(&zoo.studio, 400, "GET", "/logs/download/other", NULL, category);
    ask_refused(&zoo.studio, 400, "POST", "/logs/clear", json_pack("{s:s}", "category", "other"),
                category);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char path[64];
        snprintf(path, sizeof path, "/logs?lines=%s", wrong[i]);
        ask_refused(&zoo.studio, 400, "GET", path, NULL, lines);
    }
    ask_refused(&zoo.studio, 400, "GET", "/logs?level=LOUD", NULL, "level must be");
}

static void test_files(void **state)
{
    struct jmt_response response;
    (void)state;
    broadcast_error("for the file");
    json_decref(wait_line("/logs?category=errors", "message", "for the file"));
    json_t *stats = get("/logs/stats");
    json_int_t entries = int_of(object_of(stats, "errors"), "entries");
    expect_int(object_of(object_of(stats, "errors"), "levels"), "ERROR", entries);
    expect_time(object_of(stats, "errors"), "newest");
    json_decref(stats);
    json_t *files = get("/logs/files");
    const json_t *file = json_array_get(list_of(object_of(files, "files"), "errors"), 0);
    expect_text(file, "name", "junmai_errors.log");
    assert_true(int_of(file, "size_bytes") > 0);
    json_decref(files);

    ask_raw(&zoo.studio, &(struct jmt_request){.path = "/logs/download/errors"}, &response);
    assert_int_equal(response.status, 200);
    assert_non_null(
        strstr(jmt_response_header(&response, "Content-Disposition"), "junmai_errors.log"));
    json_int_t lines = 0;
    char *rest = response.body;
    char *text;
    while ((text = strsep(&rest, "\n")) && *text) {
        json_t *line = json_loads(text, 0, NULL);
        expect_text(line, "level", "ERROR");
        json_decref(line);
        lines++;
    }
    assert_int_equal(lines, entries);
    jmt_response_fini(&response);
}

/* A restart forgets no line and writes none twice. */
static void test_restart(void **state)
{
    (void)state;
    broadcast_error("before the restart");
    json_decref(wait_line("/logs?category=errors", "message", "before the restart"));
    json_t *before = get("/logs/stats");
    zoo_restart(&zoo, config());
    broadcast_error("after the restart");
    json_decref(wait_line("/logs?category=errors", "message", "after the restart"));
    json_t *after = get("/logs/stats");
    assert_int_equal(int_of(object_of(after, "errors"), "entries"),
                     int_of(object_of(before, "errors"), "entries") + 1);
    json_decref(after);
    json_decref(before);
}

/* An event that was answered before a kill is heard after it, once. */
static void test_kill(void **state)
{
    size_t i;
    json_t *line;
    int found = 0;
    (void)state;
    broadcast_error("before the kill");
    jmt_host_kill(&zoo.studio.host);
    must(jmt_host_restart(&zoo.studio.host));
    broadcast_error("after the kill");
    json_decref(wait_line("/logs?category=errors", "message", "after the kill"));
    json_t *answer = get("/logs?category=errors");
    json_array_foreach(list_of(answer, "entries"), i, line)
    {
        found += strcmp(text_of(line, "message"), "before the kill") == 0;
    }
    assert_int_equal(found, 1);
    json_decref(answer);
}

static void test_bound(void **state)
{
    char name[32];
    (void)state;
    for (int i = 0; i < 130; i++) {
        snprintf(name, sizeof name, "bound %d", i);
        make_session(name);
    }
    json_decref(wait_line("/logs?lines=10000", "session_name", "bound 129"));
    json_t *answer = get("/logs?lines=10000");
    expect_int(answer, "count", 100);
    assert_null(find_line(answer, "session_name", "bound 0"));
    json_decref(answer);
}

/* The studio's log_level says what is kept, at once. */
static void test_level(void **state)
{
    (void)state;
    json_t *document = get("/config");
    json_object_set_new(object_of(document, "system"), "log_level", json_string("ERROR"));
    json_decref(ask(&zoo.studio, 200, "POST", "/config", document));
    make_session("unheard");
    broadcast_error("heard");
    json_decref(wait_line("/logs", "message", "heard"));
    json_t *answer = get("/logs?lines=10000");
    assert_null(find_line(answer, "session_name", "unheard"));
    json_decref(answer);
    json_decref(ask(&zoo.studio, 200, "POST", "/config/reset", NULL));
}

static void test_clear(void **state)
{
    (void)state;
    json_t *answer =
        ask(&zoo.studio, 200, "POST", "/logs/clear", json_pack("{s:s}", "category", "errors"));
    expect_text(answer, "message", "Cleared errors logs");
    json_decref(answer);
    answer = get("/logs?category=errors");
    expect_int(answer, "count", 0);
    json_decref(answer);
    answer = get("/logs");
    assert_true(int_of(answer, "count") > 0);
    json_decref(answer);
    answer = ask(&zoo.studio, 200, "POST", "/logs/clear", NULL);
    expect_text(answer, "message", "Cleared all logs");
    json_decref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_main),        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_performance), cmocka_unit_test(test_oldest_first),
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_files),
        cmocka_unit_test(test_restart),     cmocka_unit_test(test_kill),
        cmocka_unit_test(test_bound),       cmocka_unit_test(test_level),
        cmocka_unit_test(test_clear),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
