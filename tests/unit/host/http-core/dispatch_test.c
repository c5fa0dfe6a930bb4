/* From a request to its handler: paths and methods, bodies, pages, and what a handler's failure
 * becomes. */
#include "call.h"

#include "host/plugin/lease.h"
#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bed *bed;
static struct call it;
static char seen_body[256];
static jm_status handler_status;

/* Answers with what it was given. */
static jm_status echo(void *user, const jm_request *request)
{
    struct jmh_exchange *exchange = jmh_exchange_get(&bed->host, request->id);
    char text[512];
    assert_ptr_equal(user, bed);
    (void)snprintf(seen_body, sizeof seen_body, "%.*s", JMH_ARG(request->body));
    (void)snprintf(text, sizeof text, "{\"method\":\"%.*s\",\"query\":\"%.*s\"}",
                   JMH_ARG(request->method), JMH_ARG(request->query));
    assert_int_equal(jmh_exchange_json(exchange, 200, jmh_span(text)), JM_OK);
    return JM_OK;
}

static jm_status answer_by_param(void *user, const jm_request *request)
{
    struct jmh_exchange *exchange = jmh_exchange_get(&bed->host, request->id);
    jm_span id = {NULL, 0}, limit = {NULL, 0};
    char text[256];
    (void)user;
    assert_true(jmh_exchange_param(exchange, "id", &id));
    assert_false(jmh_exchange_param(exchange, "nothing", &limit));
    bool has_limit = jmh_exchange_query(exchange, "limit", &limit);
    assert_false(jmh_exchange_query(exchange, "nothing", &(jm_span){NULL, 0}));
    (void)snprintf(text, sizeof text, "{\"id\":%.*s,\"limit\":\"%.*s\"}", JMH_ARG(id),
                   JMH_ARG(has_limit ? limit : jmh_span("none")));
    return jmh_exchange_json(exchange, 200, jmh_span(text));
}

/* Publishes, and ends as handler_status says, with a sentence. */
static jm_status fail_somehow(void *user, const jm_request *request)
{
    (void)user;
    (void)request;
    bed_publish(bed, "made", "lost");
    return jmh_err_set(&bed->plugin.last_error, handler_status, "There is no photo 7");
}

static jm_status fail_in_silence(void *user, const jm_request *request)
{
    (void)user;
    (void)request;
    return JM_EINVAL;
}

static int setup(void **state)
{
    (void)bed_setup(state);
    bed = *state;
    struct jmh_regset *set = bed->of_plugin;
    call_add_route(bed, set, "GET", "/on/thing", 0, echo);
    call_add_route(bed, set, "POST", "/on/thing", 0, echo);
    call_add_route(bed, set, "POST", "/on/any", JM_ROUTE_BODY_ANY, echo);
    call_add_route(bed, set, "GET", "/on/next", JM_ROUTE_CHANGES_STATE, echo);
    call_add_route(bed, set, "GET", "/on/photos/{id:int}", 0, answer_by_param);
    call_add_route(bed, set, "GET", "/on/fail", 0, fail_somehow);
    call_add_route(bed, set, "GET", "/on/fail/se", JM_ROUTE_SUCCESS_FORM, fail_somehow);
    call_add_route(bed, set, "GET", "/on/silence", 0, fail_in_silence);
    call_add_route(bed, bed->of_host, "POST", "/host", 0, echo);
    bed_index(bed);
    return 0;
}

static void run(const char *method, const char *path, const char *body)
{
    call(bed, &it, method, path, NULL, body, NULL, NULL);
}

static void finds_the_route(void **state)
{
    (void)state;
    call(bed, &it, "GET", "/on/thing", "a=b%20c", NULL, NULL, NULL);
    assert_answer(&it, 200, "{\"method\":\"GET\",\"query\":\"a=b%20c\"}\n");
    assert_string_equal(seen_body, "{}");
    run("POST", "/host", "{\"x\":1}");
    assert_answer(&it, 200, "{\"method\":\"POST\",\"query\":\"\"}\n");
    assert_string_equal(seen_body, "{\"x\":1}");
    run("HEAD", "/on/thing", NULL);
    assert_answer(&it, 200, "{\"method\":\"HEAD\",\"query\":\"\"}\n");
    call(bed, &it, "GET", "/on/photos/12", "x=1&limit=a%2Bb+c", NULL, NULL, NULL);
    assert_answer(&it, 200, "{\"id\":12,\"limit\":\"a+b c\"}\n");
    run("GET", "/on/photos/12", NULL);
    assert_answer(&it, 200, "{\"id\":12,\"limit\":\"none\"}\n");
}

static void says_what_is_not_there(void **state)
{
    (void)state;
    run("GET", "/nothing", NULL);
    assert_answer(&it, 404, "{\"error\":\"There is nothing at /nothing\"}\n");
    run("GET", "/on/photos/x\"y", NULL);
    assert_answer(&it, 404, "{\"error\":\"There is nothing at /on/photos/x\\\"y\"}\n");
    run("DELETE", "/on/thing", NULL);
    assert_int_equal(it.status, 405);
    assert_true(call_has(&it, "Allow: GET, HEAD, POST, OPTIONS"));
    assert_string_equal(it.body,
                        "{\"error\":\"DELETE is not allowed at /on/thing; allowed are GET, "
                        "HEAD, POST, OPTIONS\"}\n");
    run("GET", "/off/thing", NULL);
    assert_answer(&it, 404,
                  "{\"error\":\"/off/thing belongs to the plugin 'off', which is not "
                  "enabled on this host\",\"plugin\":\"off\",\"enabled\":false}\n");
    bed->disabled.state = JMH_PLUGIN_REFUSED;
    (void)jmh_err_set(&bed->disabled.reason, JM_EINVAL, "its option \"x\" is wrong");
    run("POST", "/off", "{");
    assert_answer(&it, 404,
                  "{\"error\":\"/off belongs to the plugin 'off', which is not running: its "
                  "option \\\"x\\\" is wrong\",\"plugin\":\"off\",\"enabled\":false}\n");
}

static void answers_options_and_preflights(void **state)
{
    (void)state;
    run("OPTIONS", "/on/thing", NULL);
    assert_answer(&it, 204, "");
    assert_true(call_has(&it, "Allow: GET, HEAD, POST, OPTIONS"));
    assert_null(strstr(it.sent_headers, "Access-Control"));

    call_open(bed, &it, "OPTIONS", "/on/thing", NULL, NULL);
    call_header(&it, "origin", "http://localhost:3000");
    call_header(&it, "access-control-request-method", "POST");
    call_header(&it, "access-control-request-headers", "content-type");
    call_run(bed, &it);
    assert_answer(&it, 204, "");
    assert_true(call_has(&it, "Access-Control-Allow-Origin: http://localhost:3000"));
    assert_true(call_has(&it, "Access-Control-Allow-Methods: GET, HEAD, POST, OPTIONS"));
    assert_true(call_has(&it, "Access-Control-Allow-Headers: content-type"));
    assert_true(call_has(&it, "Vary: Origin"));
    call(bed, &it, "OPTIONS", "/nothing", NULL, NULL, NULL, NULL);
    assert_int_equal(it.status, 404);
}

static void keeps_foreign_pages_out(void **state)
{
    static const struct {
        const char *method, *path, *header, *value;
        int status;
    } cases[] = {
        {"POST", "/on/thing", NULL, NULL, 200},
        {"POST", "/on/thing", "origin", "http://127.0.0.1:9999", 200},
        {"POST", "/on/thing", "origin", "http://evil.example", 403},
        {"POST", "/on/thing", "origin", "http://localhost.evil.example", 403},
        {"POST", "/on/thing", "origin", "null", 403},
        {"GET", "/on/thing", "host", "evil.example", 403},
        {"GET", "/on/next", NULL, NULL, 200},
        {"GET", "/on/next", "sec-fetch-site", "none", 200},
        {"GET", "/on/next", "sec-fetch-site", "cross-site", 403},
        {"HEAD", "/on/next", "sec-fetch-site", "cross-site", 403},
        {"GET", "/on/thing", "sec-fetch-site", "cross-site", 200},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        call(bed, &it, cases[i].method, cases[i].path, NULL, NULL, cases[i].header, cases[i].value);
        assert_int_equal(it.status, cases[i].status);
        if (it.status == 403) {
            assert_memory_equal(it.body, "{\"error\":\"", 10);
            assert_null(strstr(it.sent_headers, "Access-Control-Allow-Origin"));
        }
    }
    /* an error is readable for a page that may call */
    call(bed, &it, "GET", "/nothing", NULL, NULL, "origin", "http://localhost:3000");
    assert_true(it.status == 404 &&
                call_has(&it, "Access-Control-Allow-Origin: http://localhost:3000"));
}

static void reads_bodies(void **state)
{
    static const struct {
        const char *body, *type;
        int status;
        const char *seen; /* or the sentence */
    } cases[] = {
        {NULL, NULL, 200, "{}"},
        {NULL, "application/json", 200, "{}"},
        {" \r\n\t", "application/json", 200, "{}"},
        {"null", NULL, 200, "{}"},
        {" [] ", "application/json", 200, "{}"},
        {"{\"a\":1}", NULL, 200, "{\"a\":1}"},
        {" {\"a\":1}\n", "text/plain", 200, "{\"a\":1}"},
        {"{\"a\":1}", "application/json; charset=utf-8", 200, "{\"a\":1}"},
        {"{\"a\":", "application/json", 400, "The body is no valid JSON"},
        {"{\"a\":", "Application/JSON;x", 400, "The body is no valid JSON"},
        {"{\"a\":", NULL, 400, "The body is no valid JSON"},
        {"a=1&b=2", "application/x-www-form-urlencoded", 415, "The body must be JSON"},
        {"true", NULL, 400, "The body must be a JSON object"},
        {"[1]", NULL, 400, "The body must be a JSON object"},
        {"\"x\"", "application/json", 400, "The body must be a JSON object"},
    };
    char expected[128];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        seen_body[0] = '\0';
        const char *name = cases[i].type != NULL ? "content-type" : NULL;
        call(bed, &it, "POST", "/on/thing", NULL, cases[i].body, name, cases[i].type);
        assert_int_equal(it.status, cases[i].status);
        if (it.status == 200) {
            assert_string_equal(seen_body, cases[i].seen);
        } else {
            (void)snprintf(expected, sizeof expected, "{\"error\":\"%s\"}\n", cases[i].seen);
            assert_string_equal(it.body, expected);
        }
    }
    static const char *const any[] = {"true", "null", "[]", "[1]", "{}"};
    for (size_t i = 0; i < 5; i++) {
        run("POST", "/on/any", any[i]);
        assert_int_equal(it.status, 200);
        assert_string_equal(seen_body, any[i]);
    }
    call_open(bed, &it, "POST", "/on/thing", NULL, NULL);
    jmh_buf_add(&it.exchange->body, " \0 ", 3);
    call_run(bed, &it);
    assert_int_equal(it.status, 400);
}

static void turns_failures_into_answers(void **state)
{
    static const struct {
        jm_status status;
        int code;
    } cases[] = {
        {JM_EINVAL, 400}, {JM_EACCES, 403}, {JM_ENOENT, 404}, {JM_EEXIST, 409},
        {JM_EBUSY, 503},  {JM_ENOSPC, 503}, {JM_EIO, 500},    {JM_EPANIC, 500},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t head = jmh_log_head(bed->host.log);
        handler_status = cases[i].status;
        run("GET", "/on/fail", NULL);
        assert_answer(&it, cases[i].code,
                      cases[i].code == 500
                          ? "{\"error\":\"The host failed at this request; its log says why\"}\n"
                          : "{\"error\":\"There is no photo 7\"}\n");
        assert_int_equal(call_has(&it, "Retry-After: 5"), cases[i].code == 503);
        assert_int_equal(jmh_log_head(bed->host.log), head);
    }
    handler_status = JM_ENOENT;
    run("GET", "/on/fail/se", NULL);
    assert_answer(&it, 404, "{\"success\":false,\"error\":\"There is no photo 7\"}\n");
    run("GET", "/on/silence", NULL);
    assert_answer(&it, 400, "{\"error\":\"The request cannot be done\"}\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bed_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_route),
        TEST(says_what_is_not_there),
        TEST(answers_options_and_preflights),
        TEST(keeps_foreign_pages_out),
        TEST(reads_bodies),
        TEST(turns_failures_into_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
