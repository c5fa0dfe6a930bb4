/* Routes of a plugin as a client sees them: what comes in, what goes out, files, errors, options. */
#include "zoo.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct zoo zoo;

static int open_zoo(void **state)
{
    json_t *options = json_pack("{s:s, s:i, s:b, s:f, s:[s, s, s]}", "greeting", "good day",
                                "tick_ms", 500, "polite", 0, "scale", 2.5, "tags", "x", "y", "z");
    (void)state;
    zoo_open(&zoo, "everything", json_pack("{s:{s:o}}", "plugins", "everything", options));
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static void test_options(void **state)
{
    json_t *answer = ask(&zoo.studio, 200, "GET", "/everything/options", NULL);
    (void)state;
    expect_text(answer, "greeting", "good day");
    expect_int(answer, "tick_ms", 500);
    assert_false(bool_of(answer, "polite"));
    assert_true(number_of(answer, "scale") == 2.5);
    expect_int(answer, "tags", 3);
    expect_int(answer, "wrong_type", -1);
    expect_int(answer, "unknown", -3);
    json_decref(answer);
}

/* Path and query are decoded, a header is found in any case, and the plugin's own goes out. */
static void test_request(void **state)
{
    struct jmt_response response;
    const struct jmt_request request = {.path =
                                            "/everything/echo/caf%C3%A9%20bar?loud=a+b%26c&loud=x",
                                        .headers = "x-FIXTURE: seen\r\n"};
    (void)state;
    ask_raw(&zoo.studio, &request, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(jmt_response_header(&response, "X-Everything"), "yes");
    json_t *answer = json_loadb(response.body, response.body_bytes, 0, NULL);
    expect_text(answer, "greeting", "good day");
    expect_text(answer, "word", "caf\xc3\xa9 bar");
    expect_text(answer, "loud", "a b&c");
    expect_text(answer, "header", "seen");
    expect_int(answer, "caller", 1);
    json_decref(answer);
    jmt_response_fini(&response);
}

static void test_parameters(void **state)
{
    (void)state;
    char *text = zoo_text(&zoo, "/everything/bytes/3");
    assert_string_equal(text, "abc");
    free(text);
    text = zoo_text(&zoo, "/everything/bytes/0");
    assert_string_equal(text, "");
    free(text);
    ask_refused(&zoo.studio, 400, "GET", "/everything/bytes/27", NULL, "only 26 letters");
    json_decref(ask(&zoo.studio, 404, "GET", "/everything/bytes/three", NULL));
    json_decref(ask(&zoo.studio, 404, "GET", "/everything/echo/", NULL));
    json_decref(ask(&zoo.studio, 405, "POST", "/everything/bytes/3", NULL));
}

/* Each status of a handler that fails has its HTTP status, in the form of its route. */
static void test_error_forms(void **state)
{
    static const struct {
        int code, status;
    } errors[] = {{1, 400},  {2, 500},  {3, 404},  {4, 409},  {5, 500},
                  {6, 500},  {7, 403},  {8, 503},  {9, 500},  {10, 503},
                  {11, 500}, {12, 500}, {13, 500}, {14, 500}, {15, 500}};
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        char path[64];
        const char *words = errors[i].status == 500 ? "its log says why" : "as \"asked\"";
        snprintf(path, sizeof path, "/everything/error/%d", errors[i].code);
        json_t *answer = ask(&zoo.studio, errors[i].status, "GET", path, NULL);
        assert_non_null(strstr(text_of(answer, "error"), words));
        assert_int_equal(json_object_size(answer), 1);
        json_decref(answer);

        snprintf(path, sizeof path, "/everything/form/%d", errors[i].code);
        answer = ask(&zoo.studio, errors[i].status, "GET", path, NULL);
        assert_non_null(strstr(text_of(answer, "error"), words));
        assert_false(bool_of(answer, "success"));
        assert_int_equal(json_object_size(answer), 2);
        json_decref(answer);
    }
}

/* A plugin that does not say why is not taken to have said what another request was told. */
static void test_silent_error(void **state)
{
    (void)state;
    ask_refused(&zoo.studio, 400, "GET", "/everything/error/1", NULL, "as \"asked\"");
    json_t *answer = ask(&zoo.studio, 400, "GET", "/everything/error/1?silent=1", NULL);
    assert_null(strstr(text_of(answer, "error"), "asked"));
    assert_true(*text_of(answer, "error") != '\0');
    json_decref(answer);
}

static void test_retry_after(void **state)
{
    struct jmt_response response;
    (void)state;
    ask_raw(&zoo.studio, &(struct jmt_request){.path = "/everything/error/8"}, &response);
    assert_int_equal(response.status, 503);
    assert_non_null(jmt_response_header(&response, "Retry-After"));
    jmt_response_fini(&response);
}

/* One request for the file, and what must come. */
static void expect_file(const char *method, const char *path, const char *headers, int status,
                        const char *body)
{
    struct jmt_response response;
    const struct jmt_request request = {.method = method, .path = path, .headers = headers};
    ask_raw(&zoo.studio, &request, &response);
    assert_int_equal(response.status, status);
    if (status < 300 || status == 304)
        assert_string_equal(jmt_response_header(&response, "ETag"), "\"v1\"");
    if (status < 300) {
        assert_string_equal(jmt_response_header(&response, "Content-Type"), "image/x-test");
        assert_string_equal(jmt_response_header(&response, "Accept-Ranges"), "bytes");
        assert_non_null(jmt_response_header(&response, "Last-Modified"));
    }
    if (status == 206)
        assert_string_equal(jmt_response_header(&response, "Content-Range"), "bytes 2-4/10");
    if (strcmp(method, "HEAD") == 0)
        assert_string_equal(jmt_response_header(&response, "Content-Length"), "10");
    assert_string_equal(response.body ? response.body : "", body);
    jmt_response_fini(&response);
}

static void test_file(void **state)
{
    static const char path[] = "/everything/file/ten?etag=v1&type=image/x-test";
    (void)state;
    free(zoo_write_file(&zoo, "ten", "0123456789", 10));
    expect_file("GET", path, NULL, 200, "0123456789");
    expect_file("HEAD", path, NULL, 200, "");
    expect_file("GET", path, "Range: bytes=2-4\r\n", 206, "234");
    expect_file("GET", path, "Range: bytes=2-4\r\nIf-Range: \"v1\"\r\n", 206, "234");
    expect_file("GET", path, "Range: bytes=2-4\r\nIf-Range: \"v0\"\r\n", 200, "0123456789");
    expect_file("GET", path, "Range: bytes=10-\r\n", 416, "");
    expect_file("GET", path, "If-None-Match: \"v0\", \"v1\"\r\n", 304, "");
    expect_file("GET", path, "If-None-Match: \"v0\"\r\n", 200, "0123456789");
    ask_refused(&zoo.studio, 404, "GET", "/everything/file/eleven", NULL, "no file 'eleven'");
}

/* A folder is no file: the host says so, in the plugin's stead. */
static void test_no_file(void **state)
{
    (void)state;
    char *path = zoo_write_file(&zoo, "folder", "", 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    ask_refused(&zoo.studio, 400, "GET", "/everything/file/folder", NULL, "no regular file");
    free(path);
}

/* A content type that would end the header is refused, not sent. */
static void test_content_type(void **state)
{
    (void)state;
    free(zoo_write_file(&zoo, "ten", "0123456789", 10));
    ask_refused(&zoo.studio, 400, "GET", "/everything/file/ten?type=a/b%0d%0aX-Evil:%20yes", NULL,
                "content type");
}

static void test_injected(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &zoo.studio, "everything");
    json_decref(ask(&zoo.studio, 202, "POST", "/everything/inject",
                    json_pack("{s:s, s:s, s:i}", "for", "all", "type", "mine", "seq", 1)));
    json_t *event = listen_event(&ws, "everything_injected", "everything");
    expect_text(event, "for", "all");
    json_decref(event);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

/* What is registered is what is documented. */
static void test_documents(void **state)
{
    json_t *openapi = ask(&zoo.studio, 200, "GET", "/openapi.json", NULL);
    json_t *paths = object_of(openapi, "paths");
    (void)state;
    assert_non_null(json_object_get(object_of(paths, "/everything/echo/{word}"), "get"));
    assert_non_null(json_object_get(object_of(paths, "/everything/pollers/{client}"), "delete"));
    json_decref(openapi);
    char *asyncapi = zoo_text(&zoo, "/asyncapi.json");
    assert_non_null(strstr(asyncapi, "everything_stored"));
    assert_non_null(strstr(asyncapi, "How far it is, 0 to 100."));
    free(asyncapi);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),      cmocka_unit_test(test_request),
        cmocka_unit_test(test_parameters),   cmocka_unit_test(test_error_forms),
        cmocka_unit_test(test_silent_error), cmocka_unit_test(test_retry_after),
        cmocka_unit_test(test_file),         cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_content_type), cmocka_unit_test(test_injected),
        cmocka_unit_test(test_documents),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
