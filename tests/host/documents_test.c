/* What a host says of itself: plugins, documents, metrics, and whether it is ready. */
#include "check.h"
#include "listen.h"

#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/wait.h"

#define READY_MS 10000

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    studio_open(&studio, NULL, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_t *find_plugin(const json_t *answer, const char *name)
{
    size_t i;
    json_t *plugin;
    json_array_foreach(list_of(answer, "plugins"), i, plugin)
    {
        if (strcmp(text_of(plugin, "name"), name) == 0)
            return plugin;
    }
    fail_msg("/plugins lists no plugin %s", name);
    return NULL;
}

static void test_plugins(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 200, "GET", "/plugins", NULL);
    assert_true(bool_of(answer, "success"));
    assert_int_equal(int_of(answer, "count"), json_array_size(list_of(answer, "plugins")));
    json_t *catalog = find_plugin(answer, "catalog");
    json_t *import = find_plugin(answer, "import");
    expect_text(catalog, "state", "active");
    expect_text(import, "state", "active");
    assert_true(bool_of(import, "enabled"));
    assert_string_equal(json_string_value(json_array_get(list_of(catalog, "provides"), 0)),
                        "junmai.catalog/1");
    assert_string_equal(json_string_value(json_array_get(list_of(import, "requires"), 0)),
                        "junmai.catalog/1");
    const json_t *registered = object_of(import, "registered");
    assert_true(json_array_size(list_of(registered, "routes")) >= 6);
    assert_true(json_array_size(list_of(registered, "events")) >= 1);
    assert_int_equal(json_array_size(list_of(import, "leases")), 0);
    json_decref(answer);
}

/* "GET /sessions/{id:int}" as OpenAPI has it: path and method. */
static void split_route(const char *route, char *method_out, char *path_out)
{
    char *path = path_out;
    while (*route != ' ')
        *method_out++ = (char)tolower((unsigned char)*route++);
    *method_out = '\0';
    for (route++; *route != '\0'; route++) {
        if (*route == ':')
            route += strcspn(route, "}");
        *path++ = *route;
    }
    *path = '\0';
}

static void expect_operation(const json_t *paths, const char *route)
{
    char method[16];
    char path[256];
    split_route(route, method, path);
    const json_t *operation = object_of(object_of(paths, path), method);
    assert_true(*text_of(operation, "summary") != '\0');
    (void)object_of(operation, "responses");
    const json_t *parameters = list_of(operation, "parameters");
    size_t wanted = 0;
    size_t found = 0;
    size_t i;
    json_t *parameter;
    for (const char *at = path; (at = strchr(at, '{')); at++)
        wanted++;
    json_array_foreach((json_t *)parameters, i, parameter) found +=
        strcmp(text_of(parameter, "in"), "path") == 0;
    assert_int_equal(found, wanted);
}

/* Every route of every plugin, and those of the host. */
static void test_openapi(void **state)
{
    static const char *const own[] = {"GET /websocket/clients",
                                      "POST /websocket/broadcast",
                                      "POST /websocket/disconnect/{id:int}",
                                      "GET /websocket/stats",
                                      "GET /websocket/status",
                                      "GET /api/websocket/clients",
                                      "POST /api/websocket/broadcast",
                                      "POST /api/websocket/disconnect/{id:int}",
                                      "GET /plugins",
                                      "GET /metrics",
                                      "GET /healthz",
                                      "GET /readyz",
                                      "GET /openapi.json",
                                      "GET /asyncapi.json"};
    size_t i;
    size_t k;
    json_t *plugin;
    json_t *route;
    (void)state;
    json_t *document = ask(&studio, 200, "GET", "/openapi.json", NULL);
    json_t *plugins = ask(&studio, 200, "GET", "/plugins", NULL);
    const json_t *paths = object_of(document, "paths");
    assert_int_equal(strncmp(text_of(document, "openapi"), "3.", 2), 0);
    for (i = 0; i < sizeof own / sizeof own[0]; i++)
        expect_operation(paths, own[i]);
    json_array_foreach(list_of(plugins, "plugins"), i, plugin)
    {
        json_array_foreach(list_of(object_of(plugin, "registered"), "routes"), k, route)
            expect_operation(paths, json_string_value(route));
    }
    json_decref(plugins);
    json_decref(document);
}

static void expect_type(const json_t *document, const char *channel, const char *type,
                        const char *retention)
{
    const json_t *listed =
        object_of(object_of(object_of(document, "channels"), channel), "messages");
    (void)object_of(listed, type);
    const json_t *message =
        object_of(object_of(object_of(document, "components"), "messages"), type);
    expect_text(message, "x-retention", retention);
    assert_true(*text_of(message, "summary") != '\0');
    (void)object_of(object_of(message, "payload"), "properties");
}

static void test_asyncapi(void **state)
{
    size_t i;
    size_t k;
    json_t *plugin;
    json_t *type;
    (void)state;
    json_t *document = ask(&studio, 200, "GET", "/asyncapi.json", NULL);
    json_t *plugins = ask(&studio, 200, "GET", "/plugins", NULL);
    const json_t *messages = object_of(object_of(document, "components"), "messages");
    json_array_foreach(list_of(plugins, "plugins"), i, plugin)
    {
        json_array_foreach(list_of(object_of(plugin, "registered"), "events"), k, type)(void)
            object_of(messages, json_string_value(type));
    }
    expect_type(document, "photos", "photo_imported", "durable");
    expect_type(document, "photos", "photo_selected", "durable");
    expect_type(document, "photos", "import_progress", "memory");
    expect_type(document, "sessions", "session_created", "durable");
    expect_type(document, "sessions", "session_updated", "memory");
    expect_type(document, "system", "error_occurred", "durable");
    expect_text(object_of(messages, "session_updated"), "x-conflate-by", "session_id");
    expect_text(object_of(messages, "import_progress"), "x-conflate-by", "import_id");
    json_decref(plugins);
    json_decref(document);
}

/* A line of samples: name{labels} number. */
static bool is_sample(const char *line, char *name_out)
{
    size_t length = strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789");
    const char *rest = line + length;
    char *end;
    memcpy(name_out, line, length);
    name_out[length] = '\0';
    if (*rest == '{')
        rest += strcspn(rest, "}") + 1;
    if (length == 0 || *rest != ' ')
        return false;
    (void)strtod(rest + 1, &end);
    return end != rest + 1 && *end == '\0';
}

/* The Prometheus text: each sample has its HELP and TYPE before it. */
static void test_metrics(void **state)
{
    struct jmt_request request = {.path = "/metrics"};
    struct jmt_response response;
    char typed[128] = "";
    char *rest = NULL;
    int samples = 0;
    (void)state;
    ask_raw(&studio, &request, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(
        strncmp(jmt_response_header(&response, "Content-Type"), "text/plain; version=0.0.4", 25),
        0);
    assert_int_equal(response.body[response.body_bytes - 1], '\n');
    for (char *line = strtok_r(response.body, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        char name[256];
        if (sscanf(line, "# TYPE %127s", typed) == 1 || strncmp(line, "# HELP ", 7) == 0)
            continue;
        if (!is_sample(line, name) || strcmp(name, typed) != 0)
            fail_msg("\"%s\" is no sample of %s", line, typed);
        samples++;
    }
    assert_true(samples > 20);
    jmt_response_fini(&response);
}

/* Ready means that an event has passed through; until then, why not is said. */
static void test_readyz(void **state)
{
    int64_t deadline_ms = jmt_deadline_after(READY_MS);
    json_t *answer = NULL;
    int status;
    (void)state;
    must(status = jmt_http_json(studio.host.port, "GET", "/readyz", NULL, &answer));
    while (status == 503) {
        assert_false(bool_of(answer, "ready"));
        assert_true(*text_of(answer, "reason") != '\0');
        assert_true(jmt_clock_ms() < deadline_ms);
        json_decref(answer);
        poll(NULL, 0, 5);
        must(status = jmt_http_json(studio.host.port, "GET", "/readyz", NULL, &answer));
    }
    assert_int_equal(status, 200);
    assert_true(bool_of(answer, "ready"));
    assert_true(int_of(object_of(answer, "canary"), "arrived") >= 1);
    json_decref(answer);
}

static void test_healthz(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 200, "GET", "/healthz", NULL);
    expect_text(answer, "status", "healthy");
    json_decref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plugins),  cmocka_unit_test(test_openapi),
        cmocka_unit_test(test_asyncapi), cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_readyz),   cmocka_unit_test(test_healthz),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
