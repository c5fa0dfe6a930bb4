/* HTTP: errors that are always JSON, methods, connections that are kept, and the rules of browsers. */
#include "check.h"
#include "listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ALLOWED_ORIGIN "https://studio.example:8443"
#define BODY_MAX (1024 * 1024)

static struct studio studio;

static int open_studio(void **state)
{
    json_t *config =
        json_pack("{s:{s:[s], s:[s]}, s:{s:{s:b}}}", "listen", "origins", ALLOWED_ORIGIN, "hosts",
                  "studio.local", "plugins", "import", "enabled", 0);
    (void)state;
    studio_open(&studio, config, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void test_not_found(void **state)
{
    static const char *const paths[] = {"/",           "/nothing",      "/sessions/",
                                        "/sessions/x", "/sessions/1/2", "/favicon.ico",
                                        "/websocket",  "/events/x"};
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        ask_refused(&studio, 404, "GET", paths[i], NULL, "");
    ask_refused(&studio, 400, "GET", "/..%2f..%2fetc/passwd", NULL, "path");
    ask_refused(&studio, 404, "POST", "/nothing", json_object(), "/nothing");
    ask_refused(&studio, 404, "GET", "/sessions/12345", NULL, "Session not found");
    ask_refused(&studio, 404, "POST", "/websocket/disconnect/999999", NULL, "999999");
}

static void test_wrong_method(void **state)
{
    struct jmt_request request = {.method = "DELETE", .path = "/api/sessions"};
    struct jmt_response response;
    (void)state;
    ask_raw(&studio, &request, &response);
    assert_int_equal(response.status, 405);
    const char *allow = jmt_response_header(&response, "Allow");
    assert_non_null(allow);
    assert_true(strstr(allow, "GET") && strstr(allow, "POST") && !strstr(allow, "DELETE"));
    jmt_response_fini(&response);
    ask_refused(&studio, 405, "PUT", "/websocket/broadcast", json_object(), "POST");
    ask_refused(&studio, 405, "POST", "/metrics", json_object(), "GET");
}

static void expect_body(const char *type, const char *body, int status)
{
    json_decref(ask_text(&studio, status, "POST", "/websocket/broadcast", type, body));
}

/* JSON is taken whatever its type says; what is neither empty nor JSON is told apart by it. */
static void test_bodies(void **state)
{
    static const char good[] = "{\"type\":\"probe\"}";
    (void)state;
    expect_body("application/json", good, 200);
    expect_body("application/json; charset=utf-8", good, 200);
    expect_body("text/plain", good, 200);
    expect_body(NULL, good, 200);
    expect_body("application/json", "{\"type\":", 400);
    expect_body("application/json", "{\"type\":\"probe\"} x", 400);
    expect_body("application/json", "[1]", 400);
    expect_body("application/json", "7", 400);
    expect_body("text/html", "<p>", 415);
    expect_body("multipart/form-data; boundary=x", "--x--", 415);
    expect_body("application/json", "", 400);
    expect_body("application/json", "null", 400);
    expect_body("application/json", "{}", 400);
    expect_body("application/json", "{\"type\":\"\xff\"}", 400);
}

static void test_body_may_be_missing(void **state)
{
    struct jmt_ws ws;
    char path[64];
    (void)state;
    json_t *welcome = listen_welcome(&ws, &studio);
    snprintf(path, sizeof path, "/websocket/disconnect/%lld",
             (long long)int_of(welcome, "client_id"));
    json_decref(welcome);
    json_decref(ask_text(&studio, 200, "POST", path, NULL, NULL));
    assert_int_equal(jmt_ws_wait_close(&ws, LISTEN_MS), 1000);
    jmt_ws_fini(&ws);
}

/* A body with that many bytes, all of them JSON; to free(). */
static char *body_of(size_t bytes)
{
    static const char head[] = "{\"type\":\"probe\",\"data\":{},\"x\":\"";
    static const char tail[] = "\"}";
    char *text = malloc(bytes + 1);
    assert_non_null(text);
    memset(text, 'x', bytes);
    memcpy(text, head, sizeof head - 1);
    memcpy(text + bytes - (sizeof tail - 1), tail, sizeof tail);
    return text;
}

static void test_body_size(void **state)
{
    (void)state;
    char *largest = body_of(BODY_MAX);
    expect_body("application/json", largest, 200);
    free(largest);
    char *too_large = body_of(BODY_MAX + 1);
    expect_body("application/json", too_large, 413);
    free(too_large);
}

static void test_head(void **state)
{
    struct jmt_request request = {.method = "HEAD", .path = "/api/sessions"};
    struct jmt_response response;
    struct jmt_http http;
    (void)state;
    must(jmt_http_open(&http, studio.host.port));
    must(jmt_http_exchange(&http, &request, &response));
    assert_int_equal(response.status, 200);
    assert_true(atoi(jmt_response_header(&response, "Content-Length")) > 0);
    jmt_response_fini(&response);

    /* No byte of a body came: the next answer begins where it must. */
    request.method = "GET";
    must(jmt_http_exchange(&http, &request, &response));
    assert_int_equal(response.status, 200);
    jmt_response_fini(&response);
    jmt_http_close(&http);
}

static void test_options(void **state)
{
    struct jmt_request request = {.method = "OPTIONS", .path = "/api/sessions"};
    struct jmt_response response;
    (void)state;
    ask_raw(&studio, &request, &response);
    assert_int_equal(response.status, 204);
    const char *allow = jmt_response_header(&response, "Allow");
    assert_true(strstr(allow, "GET") && strstr(allow, "HEAD") && strstr(allow, "POST") &&
                strstr(allow, "OPTIONS"));
    jmt_response_fini(&response);
}

/* Answers come in the order of the requests, also of those that were sent before an answer. */
static void test_keep_alive(void **state)
{
    static const char pipelined[] =
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        "GET /api/sessions HTTP/1.1\r\nHost: localhost\r\n\r\n"
        "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    static const int wanted[] = {200, 200, 404};
    struct jmt_request request = {.path = "/healthz"};
    struct jmt_response response;
    struct jmt_http http;
    (void)state;
    must(jmt_http_open(&http, studio.host.port));
    for (int i = 0; i < 50; i++) {
        must(jmt_http_exchange(&http, &request, &response));
        assert_int_equal(response.status, 200);
        jmt_response_fini(&response);
    }
    must(jmt_http_send_raw(&http, pipelined, sizeof pipelined - 1));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        must(jmt_http_receive(&http, &response, LISTEN_MS));
        assert_int_equal(response.status, wanted[i]);
        jmt_response_fini(&response);
    }
    assert_int_equal(jmt_http_receive(&http, &response, LISTEN_MS), -1);
    assert_non_null(strstr(jmt_error_text(), "closed"));
    jmt_http_close(&http);
}

/* What the plugin of a path would do is not there; whose it is, is said. */
static void test_not_enabled(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 404, "GET", "/import/stats", NULL);
    expect_text(answer, "plugin", "import");
    assert_false(bool_of(answer, "enabled"));
    assert_non_null(strstr(text_of(answer, "error"), "import"));
    json_decref(answer);
    json_decref(ask(&studio, 404, "POST", "/import/file", json_object()));
}

static void expect_cors(const char *origin, bool allowed)
{
    static const char *const paths[] = {"/sessions", "/api/sessions", "/healthz", "/nothing"};
    char header[128];
    snprintf(header, sizeof header, "Origin: %s\r\n", origin);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct jmt_request request = {.path = paths[i], .headers = header};
        struct jmt_response response;
        ask_raw(&studio, &request, &response);
        const char *allow = jmt_response_header(&response, "Access-Control-Allow-Origin");
        if (allowed)
            assert_string_equal(allow ? allow : "nothing", origin);
        else
            assert_null(allow);
        jmt_response_fini(&response);
    }
}

static void expect_preflight(const char *origin, bool allowed)
{
    char headers[256];
    struct jmt_request request = {.method = "OPTIONS", .path = "/api/sessions", .headers = headers};
    struct jmt_response response;
    snprintf(headers, sizeof headers,
             "Origin: %s\r\nAccess-Control-Request-Method: POST\r\n"
             "Access-Control-Request-Headers: content-type\r\n",
             origin);
    ask_raw(&studio, &request, &response);
    assert_null(allowed ? NULL : jmt_response_header(&response, "Access-Control-Allow-Origin"));
    if (allowed) {
        const char *methods = jmt_response_header(&response, "Access-Control-Allow-Methods");
        const char *fields = jmt_response_header(&response, "Access-Control-Allow-Headers");
        assert_in_range(response.status, 200, 204);
        assert_string_equal(jmt_response_header(&response, "Access-Control-Allow-Origin"), origin);
        assert_true(methods && strstr(methods, "POST"));
        assert_true(fields && strcasestr(fields, "content-type"));
    }
    jmt_response_fini(&response);
}

static const struct {
    const char *origin;
    bool allowed;
} origins[] = {
    {"http://localhost:3000", true},
    {"http://127.0.0.1:3000", true},
    {"http://localhost", true},
    {ALLOWED_ORIGIN, true},
    {"null", false},
    {"https://studio.example", false},
    {"http://studio.example:8443", false},
    {"https://studio.example:8443.evil.example", false},
    {"http://localhost.evil.example", false},
    {"http://evil.example", false},
};

static void test_cors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        expect_cors(origins[i].origin, origins[i].allowed);
        expect_preflight(origins[i].origin, origins[i].allowed);
    }
}

/* The status of a POST with these headers, to a name of this host. */
static int post_status(const char *host, const char *headers)
{
    struct jmt_request request = {.method = "POST",
                                  .path = "/websocket/broadcast",
                                  .host = host,
                                  .headers = headers,
                                  .content_type = "text/plain",
                                  .body = "{\"type\":\"probe\"}"};
    struct jmt_response response;
    ask_raw(&studio, &request, &response);
    int status = response.status;
    jmt_response_fini(&response);
    return status;
}

/* A page of another site cannot change anything, whatever way it takes. */
static void test_foreign_pages(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        char header[128];
        snprintf(header, sizeof header, "Origin: %s\r\n", origins[i].origin);
        assert_int_equal(post_status(NULL, header), origins[i].allowed ? 200 : 403);
        if (origins[i].allowed)
            json_decref(listen_event(&ws, "probe", NULL));
    }
    assert_int_equal(post_status(NULL, "Sec-Fetch-Site: cross-site\r\n"), 403);
    assert_int_equal(post_status("evil.example", NULL), 403);
    assert_int_equal(post_status("evil.example:5100", "Origin: http://evil.example:5100\r\n"), 403);
    listen_quiet(&ws);
    assert_int_equal(post_status(NULL, "Sec-Fetch-Site: same-origin\r\n"), 200);
    assert_int_equal(post_status("studio.local", NULL), 200);
    assert_int_equal(post_status("LOCALHOST:5100", NULL), 200);
    jmt_ws_fini(&ws);
}

/* What is no HTTP is refused or closed, and the host goes on. */
static void test_garbage(void **state)
{
    static const char *const garbage[] = {"\r\n\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02",
                                          "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
                                          "BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        struct jmt_http http;
        must(jmt_http_open(&http, studio.host.port));
        must(jmt_http_send_raw(&http, garbage[i], strlen(garbage[i])));
        jmt_http_close(&http);
        json_decref(ask(&studio, 200, "GET", "/healthz", NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_found),     cmocka_unit_test(test_wrong_method),
        cmocka_unit_test(test_bodies),        cmocka_unit_test(test_body_may_be_missing),
        cmocka_unit_test(test_body_size),     cmocka_unit_test(test_head),
        cmocka_unit_test(test_options),       cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_not_enabled),   cmocka_unit_test(test_cors),
        cmocka_unit_test(test_foreign_pages), cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
