/*
 * A turn whose commit fails: everybody in it is told, nothing of it is seen, and the next one works.
 * The system refuses the host a file larger than it may have (RLIMIT_FSIZE), as a full disk would; the
 * test of a full disk is tests/host/full_disk_test.c.
 */
#include "burst.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define LIMIT_BYTES 16384
#define LARGE_BYTES 40000 /* of a note: more than what fits into the limit */

static struct zoo zoo;
static struct jmt_ws ws;
static char *large;

static int open_zoo(void **state)
{
    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN); /* the host inherits it, and gets EFBIG instead */
    large = malloc(LARGE_BYTES + 32);
    assert_non_null(large);
    char *at = large + sprintf(large, "{\"text\":\"");
    memset(at, 'x', LARGE_BYTES);
    memcpy(at + LARGE_BYTES, "\"}", 3);
    zoo_open(&zoo, "everything", zoo_option("everything", "tick_ms", json_integer(1000)));
    listen_open(&ws, &zoo.studio, "everything");
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    jmt_ws_fini(&ws);
    zoo_close(&zoo);
    free(large);
    return 0;
}

static void limit_files(rlim_t bytes)
{
    const struct rlimit limit = {bytes, RLIM_INFINITY};
    assert_int_equal(prlimit(zoo.studio.host.process.pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

static json_int_t count_of(const char *what)
{
    json_t *counts = ask(&zoo.studio, 200, "GET", "/everything/counts", NULL);
    json_int_t count = int_of(counts, what);
    json_decref(counts);
    return count;
}

/* A message to the host while it is held; what it answers comes later. */
static void test_whole_turn(void **state)
{
    struct burst_part parts[] = {
        {"POST", "/everything/notes", "{\"text\":\"small\"}", 0},
        {"POST", "/everything/notes", large, 0},
        {"POST", "/everything/inject", "{\"n\":1}", 0},
        {"GET", "/everything/counts", NULL, 0},
        {"POST", "/everything/confess", "{\"text\":\"told\"}", 0},
        {"POST", "/everything/fail", "{\"text\":\"failed\"}", 0},
    };
    double failed = zoo_metric(&zoo, "junmai_turns_failed_total");
    (void)state;
    limit_files(LIMIT_BYTES);
    burst_run(&zoo, parts, sizeof parts / sizeof parts[0]);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].status != 503)
            fail_msg("%s %s was answered %d", parts[i].method, parts[i].path, parts[i].status);
    listen_quiet(&ws);
    assert_int_equal(count_of("notes"), 0);
    assert_int_equal(count_of("kept"), 0);
    assert_true(count_of("taken_back") >= 2);
    assert_true(zoo_metric(&zoo, "junmai_turns_failed_total") == failed + 1);
    must(jmt_host_log_wait(&zoo.studio.host, "the changes of a turn were taken back", ZOO_MS));

    limit_files(RLIM_INFINITY);
    burst_run(&zoo, parts, sizeof parts / sizeof parts[0]);
    const int wanted[] = {201, 201, 202, 200, 207, 400};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_int_equal(parts[i].status, wanted[i]);
    assert_int_equal(count_of("notes"), 2);
    json_decref(listen_for(&ws, "everything_injected"));
    json_decref(listen_for(&ws, "everything_stored"));
    json_decref(listen_for(&ws, "everything_stored"));
    listen_quiet(&ws);
}

/* The answer is in the form of the route, and says when to come again; the handler's own headers are
 * gone with what they told. */
static void test_answer(void **state)
{
    struct jmt_response response;
    const struct jmt_request request = {.method = "POST",
                                        .path = "/everything/notes",
                                        .content_type = "application/json",
                                        .body = large};
    (void)state;
    large[12] ^= 1; /* another note than before */
    limit_files(LIMIT_BYTES);
    ask_raw(&zoo.studio, &request, &response);
    limit_files(RLIM_INFINITY);
    assert_int_equal(response.status, 503);
    assert_non_null(jmt_response_header(&response, "Retry-After"));
    json_t *answer = json_loadb(response.body, response.body_bytes, 0, NULL);
    assert_non_null(strstr(text_of(answer, "error"), "nothing of it was kept"));
    json_decref(answer);
    jmt_response_fini(&response);
    listen_quiet(&ws);
    ask_raw(&zoo.studio, &request, &response);
    assert_int_equal(response.status, 201);
    jmt_response_fini(&response);
    json_decref(listen_event(&ws, "everything_stored", "everything"));
}

/* Who sent the message gets an error frame in place of what the handler told it. */
static void test_message(void **state)
{
    struct jmt_buffer message = {0};
    (void)state;
    jmt_buffer_printf(&message, "{\"type\":\"everything_note\",\"body\":%s}", large);
    limit_files(LIMIT_BYTES);
    listen_refused(&ws, message.bytes, "nothing of it was kept");
    listen_quiet(&ws);
    limit_files(RLIM_INFINITY);
    must(jmt_ws_send_text(&ws, message.bytes));
    json_decref(listen_for(&ws, "everything_noted"));
    json_decref(listen_for(&ws, "everything_stored"));
    jmt_buffer_fini(&message);
}

/* What was acknowledged is there after a kill, and what was not is not. */
static void test_kill(void **state)
{
    json_int_t notes = count_of("notes");
    const struct jmt_request request = {.method = "POST",
                                        .path = "/everything/notes",
                                        .content_type = "application/json",
                                        .body = large};
    struct jmt_response response;
    (void)state;
    large[13] ^= 1;
    limit_files(LIMIT_BYTES);
    ask_raw(&zoo.studio, &request, &response);
    assert_int_equal(response.status, 503);
    jmt_response_fini(&response);
    jmt_ws_fini(&ws);
    jmt_host_kill(&zoo.studio.host);
    must(jmt_host_restart(&zoo.studio.host));
    listen_open(&ws, &zoo.studio, "everything");
    assert_int_equal(count_of("notes"), notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_turn),
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_kill),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
