/* The first plug-in's own session, byte for byte as Lightroom and gui.py send it: handshake, polls, a
 * job, its messages with numbers for times and [] for empty tables, the result `true` without a
 * Content-Type, and a restart of the host that it does not notice. */
#include "darkroom.h"

#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    darkroom_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* LrHttp.get(url). */
static json_t *lr_get(int status, const char *path)
{
    struct jmt_response response;
    ask_raw(&studio,
            &(struct jmt_request){.path = path,
                                  .headers = "User-Agent: Adobe Lightroom/13.0\r\nAccept: */*\r\n",
                                  .close = true},
            &response);
    if (response.status != status)
        fail_msg("GET %s: %d %s", path, response.status, response.body);
    assert_non_null(strstr(jmt_response_header(&response, "Content-Type"), "application/json"));
    json_t *json = json_loads(response.body, 0, NULL);
    assert_non_null(json);
    jmt_response_fini(&response);
    return json;
}

/* LrHttp.post(url, body, headers). */
static json_t *lr_post(const char *path, const char *content_type, const char *body)
{
    struct jmt_response response;
    ask_raw(&studio,
            &(struct jmt_request){.method = "POST",
                                  .path = path,
                                  .headers = "User-Agent: Adobe Lightroom/13.0\r\n",
                                  .content_type = content_type,
                                  .body = body,
                                  .close = true},
            &response);
    if (response.status != 200)
        fail_msg("POST %s %s: %d %s", path, body, response.status, response.body);
    json_t *json = json_loads(response.body, 0, NULL);
    assert_non_null(json);
    jmt_response_fini(&response);
    return json;
}

static void lr_send(const char *id, const char *message)
{
    char body[1024];
    snprintf(body, sizeof body, "{\"client_id\":\"%s\",\"message\":%s}", id, message);
    json_decref(lr_post("/ws/send", "application/json", body));
}

/* Whether an answer to a poll has a message of that type. */
static bool has(const json_t *answer, const char *type)
{
    const json_t *messages = list_of(answer, "messages");
    bool found = false;
    for (size_t i = 0; i < json_array_size(messages); i++)
        found = found || strcmp(text_of(json_array_get(messages, i), "type"), type) == 0;
    return found;
}

/* The immediate poll, once a second; what the test waits for is there at its first one. */
static void lr_poll_has(const char *id, const char *type)
{
    char path[128];
    snprintf(path, sizeof path, "/ws/poll?client_id=%s", id);
    json_t *answer = lr_get(200, path);
    if (!has(answer, type))
        fail_msg("no %s in %s", type, json_dumps(answer, 0));
    json_decref(answer);
}

static void lr_introduce(const char *id)
{
    lr_poll_has(id, "connection_established");
    lr_send(id, "{\"type\":\"register\",\"client_type\":\"lightroom\",\"client_name\":"
                "\"Lightroom Classic Plugin\",\"version\":\"2.0\",\"timestamp\":784111777.25}");
    lr_send(id, "{\"type\":\"subscribe\",\"channels\":[\"jobs\",\"system\",\"photos\"],"
                "\"timestamp\":784111777.5}");
    lr_send(id, "{\"type\":\"ping\",\"timestamp\":784111778}");
}

/* What Main.lua says while it does a job. */
static void lr_do(const char *id, const char *job)
{
    static const char *const sayings[] = {
        "{\"type\":\"job_started\",\"job_id\":\"%s\",\"photo_info\":{\"file_name\":\"Current "
        "Selection\",\"config_version\":\"1.0\"},\"timestamp\":784111780}",
        "{\"type\":\"job_progress\",\"job_id\":\"%s\",\"stage\":\"preparation\",\"progress\":0,"
        "\"message\":\"Starting\",\"details\":[],\"timestamp\":784111780}",
        "{\"type\":\"stage_completed\",\"job_id\":\"%s\",\"stage\":\"preparation\",\"result\":[],"
        "\"timestamp\":784111781}",
        "{\"type\":\"job_progress\",\"job_id\":\"%s\",\"stage\":\"finalizing\",\"progress\":90,"
        "\"message\":\"\",\"details\":[],\"timestamp\":784111782}",
        "{\"type\":\"job_completed\",\"job_id\":\"%s\",\"success\":true,\"result\":[],"
        "\"duration\":3,\"timestamp\":784111783}",
    };
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++) {
        char message[512];
        /* Each has one %s. */
        char *at = strstr(sayings[i], "%s");
        snprintf(message, sizeof message, "%.*s%s%s", (int)(at - sayings[i]), sayings[i], job,
                 at + 2);
        lr_send(id, message);
    }
}

static void test_a_day_of_the_first_plugin(void **state)
{
    struct jmt_ws desktop;
    char path[128];
    (void)state;
    listen_open(&desktop, &studio, "jobs");
    json_t *hands = lr_post("/ws/handshake", "application/json",
                            "{\"client_type\":\"lightroom\",\"protocol_version\":\"1.0\"}");
    char *id = strdup(text_of(hands, "client_id"));
    json_decref(hands);
    lr_introduce(id);
    json_decref(lr_get(404, "/job/next"));
    char *job = job_new(&studio);
    lr_poll_has(id, "job_created");
    json_t *next = lr_get(200, "/job/next");
    expect_text(next, "jobId", job);
    json_decref(next);
    lr_do(id, job);
    snprintf(path, sizeof path, "/job/%s/result", job);
    json_decref(lr_post(path, NULL, "true"));
    job_expect_status(&studio, job, "completed");
    static const char *const types[] = {"job_created", "job_started", "job_started",
                                        "stage_completed", "job_completed"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        json_t *event = listen_for(&desktop, types[i]);
        expect_text(event, "job_id", job);
        json_decref(event);
    }
    jmt_ws_fini(&desktop);
    free(job);

    /* The host is another one between two polls; the plug-in goes on with the dead id. */
    must(jmt_host_stop(&studio.host));
    must(jmt_host_restart(&studio.host));
    lr_introduce(id);
    job = job_new(&studio);
    lr_poll_has(id, "job_created");
    json_t *status = ask(&studio, 200, "GET", "/websocket/status", NULL);
    expect_int(status, "connected_clients", 1);
    json_decref(status);
    free(job);
    free(id);
}

/* gui.py and test_api.py: POST /job with `requests`, and what they read of the answer. */
static void test_gui_py_without_a_model(void **state)
{
    struct jmt_response response;
    (void)state;
    json_t *config = ask(&studio, 200, "GET", "/config", NULL);
    json_object_set_new(object_of(config, "ai"), "ollama_host", json_string(""));
    json_decref(ask(&studio, 200, "PUT", "/config", config));
    ask_raw(&studio,
            &(struct jmt_request){.method = "POST",
                                  .path = "/job",
                                  .headers = "User-Agent: python-requests/2.31.0\r\n"
                                             "Accept-Encoding: gzip, deflate\r\nAccept: */*\r\n",
                                  .content_type = "application/json",
                                  .body = "{\"prompt\": \"\\u900f\\u660e\\u611f\"}"},
            &response);
    assert_int_equal(response.status, 503);
    assert_non_null(strstr(response.body, "No language model is configured"));
    jmt_response_fini(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_of_the_first_plugin),
        cmocka_unit_test(test_gui_py_without_a_model),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
