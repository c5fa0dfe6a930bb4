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
    size_t i;
    json_t *lease;
    json_array_foreach(list_of(import, "leases"), i, lease) expect_text(lease, "kind", "timer");
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

static const json_t *schema_at(const json_t *content, const char *type)
{
    return object_of(object_of(object_of(content, "content"), type), "schema");
}

static void expect_member_type(const json_t *schema, const char *member, const char *type)
{
    expect_text(object_of(object_of(schema, "properties"), member), "type", type);
}

static bool lists_text(const json_t *list, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), text) == 0)
            return true;
    }
    return false;
}

/* What routes say of their bodies and answers. */
static void test_openapi_bodies(void **state)
{
    (void)state;
    json_t *document = ask(&studio, 200, "GET", "/openapi.json", NULL);
    const json_t *paths = object_of(document, "paths");
    const json_t *import = object_of(object_of(paths, "/import/file"), "post");
    const json_t *body = schema_at(object_of(import, "requestBody"), "application/json");
    assert_true(lists_text(list_of(body, "required"), "file_path"));
    assert_false(lists_text(list_of(body, "required"), "session_id"));
    expect_member_type(body, "file_path", "string");
    const json_t *properties = object_of(body, "properties");
    assert_true(lists_text(list_of(object_of(properties, "session_id"), "type"), "integer"));
    assert_true(lists_text(list_of(object_of(properties, "session_id"), "type"), "null"));
    assert_true(bool_of(object_of(properties, "check_duplicates"), "default"));

    const json_t *responses = object_of(import, "responses");
    const json_t *answer = schema_at(object_of(responses, "2XX"), "application/json");
    expect_member_type(answer, "photo_id", "integer");
    const json_t *failure = schema_at(object_of(responses, "default"), "application/json");
    expect_member_type(failure, "error", "string");
    assert_null(json_object_get(object_of(failure, "properties"), "success"));

    const json_t *sessions = object_of(object_of(paths, "/sessions"), "get");
    answer = schema_at(object_of(object_of(sessions, "responses"), "2XX"), "application/json");
    expect_text(answer, "type", "array");
    expect_member_type(object_of(answer, "items"), "import_folder", "string");

    const json_t *end = object_of(object_of(paths, "/websocket/disconnect/{id}"), "post");
    assert_null(json_object_get(end, "requestBody"));
    failure = schema_at(object_of(object_of(end, "responses"), "default"), "application/json");
    expect_member_type(failure, "success", "boolean");
    const json_t *metrics = object_of(object_of(paths, "/metrics"), "get");
    (void)schema_at(object_of(object_of(metrics, "responses"), "2XX"), "text/plain");
    json_decref(document);
}

static void test_client_messages(void **state)
{
    static const char *const own[] = {"ping", "register", "subscribe", "unsubscribe"};
    (void)state;
    json_t *document = ask(&studio, 200, "GET", "/asyncapi.json", NULL);
    const json_t *messages =
        object_of(object_of(object_of(document, "channels"), "/ws"), "messages");
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        const json_t *message = object_of(messages, own[i]);
        const json_t *payload = object_of(message, "payload");
        assert_true(*text_of(message, "summary") != '\0');
        expect_text(object_of(object_of(payload, "properties"), "type"), "const", own[i]);
        assert_true(lists_text(list_of(payload, "required"), "type"));
    }
    const json_t *payload = object_of(object_of(messages, "subscribe"), "payload");
    assert_true(lists_text(list_of(payload, "required"), "channels"));
    expect_member_type(payload, "channels", "array");
    const json_t *operations = object_of(document, "operations");
    expect_text(object_of(operations, "client"), "action", "receive");
    expect_text(object_of(operations, "photos"), "action", "send");
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
        cmocka_unit_test(test_plugins),         cmocka_unit_test(test_openapi),
        cmocka_unit_test(test_asyncapi),        cmocka_unit_test(test_openapi_bodies),
        cmocka_unit_test(test_client_messages), cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_readyz),          cmocka_unit_test(test_healthz),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
