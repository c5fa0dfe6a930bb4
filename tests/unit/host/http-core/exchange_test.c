/* Answers: once, with the turn, later, never; and what becomes of them when the turn fails. */
#include "call.h"

#include "host/plugin/lease.h"
#include "host/util/span.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct bed *bed;
static struct call it;
static jm_status (*handler)(struct jmh_exchange *exchange);

static jm_status run_handler(void *user, const jm_request *request)
{
    (void)user;
    struct jmh_exchange *exchange = jmh_exchange_get(&bed->host, request->id);
    assert_ptr_equal(exchange, it.exchange);
    return handler(exchange);
}

static int setup(void **state)
{
    (void)bed_setup(state);
    bed = *state;
    call_add_route(bed, bed->of_plugin, "GET", "/on", 0, run_handler);
    call_add_route(bed, bed->of_plugin, "GET", "/on/se", JM_ROUTE_SUCCESS_FORM, run_handler);
    bed_index(bed);
    return 0;
}

static void run(const char *path, jm_status (*fn)(struct jmh_exchange *exchange),
                const char *header, const char *value)
{
    handler = fn;
    call(bed, &it, "GET", path, NULL, NULL, header, value);
}

static void end_turn_of(jm_status (*fn)(struct jmh_exchange *exchange), const char *path)
{
    handler = fn;
    call_open(bed, &it, "GET", path, NULL, NULL);
    jmh_http_dispatch(it.exchange);
}

static jm_status answer_twice(struct jmh_exchange *exchange)
{
    assert_int_equal(jmh_exchange_json(exchange, 201, jmh_span("{\"n\":1}")), JM_OK);
    assert_int_equal(jmh_exchange_json(exchange, 200, jmh_span("{\"n\":2}")), JM_EGONE);
    assert_int_equal(jmh_exchange_error(exchange, 500, "no"), JM_EGONE);
    assert_int_equal(jmh_exchange_bytes(exchange, 200, "text/plain", jmh_span("x")), JM_EGONE);
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(jmh_exchange_file(exchange, fd, "x/y", (jm_span){NULL, 0}), JM_EGONE);
    assert_int_equal(fcntl(fd, F_GETFD), -1); /* it is closed all the same */
    return JM_OK;
}

static void answers_once_with_the_turn(void **state)
{
    (void)state;
    end_turn_of(answer_twice, "/on");
    assert_int_equal(it.sends, 0);
    bed_end_turn(bed);
    assert_answer(&it, 201, "{\"n\":1}\n");
    assert_null(jmh_exchange_get(&bed->host, it.id));
}

static jm_status answer_and_fail(struct jmh_exchange *exchange)
{
    (void)jmh_exchange_bytes(exchange, 200, "text/plain", jmh_span("done"));
    return JM_EINVAL;
}

static void keeps_an_answer_that_was_given(void **state)
{
    (void)state;
    run("/on", answer_and_fail, NULL, NULL);
    assert_true(it.status == 200 && strcmp(it.type, "text/plain") == 0);
    assert_string_equal(it.body, "done");
}

static jm_status add_headers(struct jmh_exchange *exchange)
{
    static const char *const bad_names[] = {"", "A B", "A:", "A\r\n", "\xc3\xa9", "A_B"};
    static const char *const bad_values[] = {"a\r\nSet-Cookie: x", "a\n", "a\rb", "\x01", "\x7f"};
    for (size_t i = 0; i < sizeof bad_names / sizeof bad_names[0]; i++) {
        assert_false(jmh_exchange_header(exchange, bad_names[i], jmh_span("v")));
    }
    for (size_t i = 0; i < sizeof bad_values / sizeof bad_values[0]; i++) {
        assert_false(jmh_exchange_header(exchange, "X-A", jmh_span(bad_values[i])));
    }
    assert_false(jmh_exchange_header(exchange, "X-A", (jm_span){"a\0b", 3}));
    assert_int_equal(exchange->headers.len, 0); /* nothing of all that */
    assert_true(jmh_exchange_header(exchange, "X-Name", jmh_span("a b; c=\"d\"")));
    assert_true(jmh_exchange_header(exchange, "X-Empty", (jm_span){NULL, 0}));
    return jmh_exchange_json(exchange, 200, jmh_span("{}"));
}

static void refuses_what_would_be_another_header(void **state)
{
    (void)state;
    run("/on", add_headers, NULL, NULL);
    assert_string_equal(it.sent_headers, "X-Name: a b; c=\"d\"\r\nX-Empty: \r\n");
}

static jm_status answer_with_error(struct jmh_exchange *exchange)
{
    return jmh_exchange_error(exchange, 429, "Wait, \"%s\" \xff", "please\n");
}

static void writes_errors_in_the_form_of_the_route(void **state)
{
    (void)state;
    run("/on", answer_with_error, NULL, NULL);
    assert_answer(&it, 429, "{\"error\":\"Wait, \\\"please\\n\\\" \xef\xbf\xbd\"}\n");
    assert_true(call_has(&it, "Retry-After: 5"));
    run("/on/se", answer_with_error, NULL, NULL);
    assert_answer(&it, 429,
                  "{\"success\":false,\"error\":\"Wait, \\\"please\\n\\\" \xef\xbf\xbd\"}\n");
}

static jm_status answer_later(struct jmh_exchange *exchange)
{
    (void)exchange;
    return JM_OK;
}

static void answers_later(void **state)
{
    (void)state;
    run("/on", answer_later, "origin", "http://localhost:3000");
    assert_int_equal(it.sends, 0);
    assert_int_equal(jmh_leases_count(&bed->plugin), 1);
    const struct jmh_lease *lease = jmh_leases_first(&bed->plugin);
    assert_true(lease->kind == JMH_LEASE_REQUEST && strcmp(lease->label, "/on") == 0);
    assert_int_equal(jmh_exchange_json(jmh_exchange_get(&bed->host, it.id), 200, jmh_span("{}")),
                     JM_OK);
    assert_int_equal(jmh_leases_count(&bed->plugin), 0);
    bed_end_turn(bed);
    assert_answer(&it, 200, "{}\n");
    assert_true(call_has(&it, "Access-Control-Allow-Origin: http://localhost:3000"));
}

/* The peer leaves while its answer is awaited, while it waits for the turn, and in the handler. */
static void forgets_who_has_left(void **state)
{
    (void)state;
    run("/on", answer_later, NULL, NULL);
    jmh_exchange_gone(it.exchange);
    assert_null(jmh_exchange_get(&bed->host, it.id));
    assert_int_equal(jmh_leases_count(&bed->plugin), 0);

    end_turn_of(answer_twice, "/on");
    jmh_exchange_gone(it.exchange);
    assert_non_null(jmh_exchange_get(&bed->host, it.id));
    bed_end_turn(bed);
    assert_null(jmh_exchange_get(&bed->host, it.id));
    assert_int_equal(it.sends, 0);
}

static jm_status lose_the_peer(struct jmh_exchange *exchange)
{
    jmh_exchange_gone(exchange);
    assert_int_equal(jmh_exchange_json(exchange, 200, jmh_span("{}")), JM_EGONE);
    return JM_OK;
}

static jm_status lose_the_peer_in_silence(struct jmh_exchange *exchange)
{
    jmh_exchange_gone(exchange);
    return JM_OK;
}

static void survives_a_peer_that_leaves_in_the_handler(void **state)
{
    (void)state;
    run("/on", lose_the_peer, NULL, NULL);
    assert_null(jmh_exchange_get(&bed->host, it.id));
    run("/on", lose_the_peer_in_silence, NULL, NULL);
    assert_null(jmh_exchange_get(&bed->host, it.id));
    assert_int_equal(jmh_leases_count(&bed->plugin), 0);
    assert_int_equal(it.sends, 0);
}

static int open_text(const char *text)
{
    char path[] = "/tmp/junmai-file-XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    return fd;
}

static jm_status answer_with_file(struct jmh_exchange *exchange)
{
    assert_true(jmh_exchange_header(exchange, "Cache-Control", jmh_span("max-age=60")));
    return jmh_exchange_file(exchange, open_text("0123456789"), "image/jpeg", jmh_span("tag"));
}

static jm_status answer_with_folder(struct jmh_exchange *exchange)
{
    int fd = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    jm_status status = jmh_exchange_file(exchange, fd, "x/y", (jm_span){NULL, 0});
    assert_int_equal(status, JM_EINVAL);
    assert_int_equal(jmh_exchange_file(exchange, -1, "x/y", (jm_span){NULL, 0}), JM_EINVAL);
    return status;
}

static jm_status answer_with_empty_file(struct jmh_exchange *exchange)
{
    return jmh_exchange_file(exchange, open_text(""), "text/plain", (jm_span){NULL, 0});
}

static void sends_files(void **state)
{
    (void)state;
    run("/on", answer_with_file, NULL, NULL);
    assert_true(it.status == 200 && it.is_file && strcmp(it.type, "image/jpeg") == 0);
    assert_string_equal(it.body, "0123456789");
    assert_true(call_has(&it, "ETag: \"tag\""));
    run("/on", answer_with_file, "range", "bytes=2-4");
    assert_int_equal(it.status, 206);
    assert_string_equal(it.body, "234");
    assert_true(call_has(&it, "Content-Range: bytes 2-4/10"));
    run("/on", answer_with_file, "if-none-match", "\"tag\"");
    assert_true(it.status == 304 && !it.is_file && it.type[0] == '\0' && it.body[0] == '\0');
    run("/on", answer_with_file, "range", "bytes=20-");
    assert_true(it.status == 416 && !it.is_file);
    run("/on", answer_with_empty_file, NULL, NULL);
    assert_true(it.status == 200 && !it.is_file && it.body[0] == '\0');
    run("/on", answer_with_folder, NULL, NULL);
    assert_int_equal(it.status, 400);
}

static const char *const taken_back =
    "{\"error\":\"The change could not be stored; nothing of it was kept. Try again later.\"}\n";

/* A commit that fails: what was to be answered is not true, nor is what its headers said. */
static void takes_answers_back(void **state)
{
    (void)state;
    bed_break_turn(bed);
    run("/on", answer_with_file, "origin", "http://localhost:3000");
    assert_answer(&it, 503, taken_back);
    assert_false(it.is_file);
    assert_true(call_has(&it, "Retry-After: 5"));
    assert_true(call_has(&it, "Access-Control-Allow-Origin: http://localhost:3000"));
    assert_null(strstr(it.sent_headers, "ETag:"));
    assert_null(strstr(it.sent_headers, "Cache-Control"));
    bed_break_turn(bed);
    run("/on/se", answer_twice, NULL, NULL);
    assert_int_equal(it.status, 503);
    assert_memory_equal(it.body, "{\"success\":false,\"error\":\"The change could", 40);
    /* the next one is served */
    run("/on", answer_twice, NULL, NULL);
    assert_int_equal(it.status, 201);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bed_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_once_with_the_turn),
        TEST(keeps_an_answer_that_was_given),
        TEST(refuses_what_would_be_another_header),
        TEST(writes_errors_in_the_form_of_the_route),
        TEST(answers_later),
        TEST(forgets_who_has_left),
        TEST(survives_a_peer_that_leaves_in_the_handler),
        TEST(sends_files),
        TEST(takes_answers_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
