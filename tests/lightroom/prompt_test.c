/* POST /job with a prompt: the model that answers, and all the ways in which it does not. */
#include "darkroom.h"
#include "model_server.h"

#include <stdlib.h>
#include <string.h>

#define QUOTED_CONFIG                                                                         \
    "{\\\"version\\\":\\\"1.0\\\",\\\"pipeline\\\":[{\\\"stage\\\":\\\"base\\\",\\\"settings" \
    "\\\":{\\\"Exposure2012\\\":0.5}}],\\\"safety\\\":{\\\"snapshot\\\":true,\\\"dryRun\\\":" \
    "false}}"
#define OLLAMA(text) \
    "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"" text "\"}}"
#define OPENAI(text) "{\"choices\":[{\"message\":{\"content\":\"" text "\"}}]}"

/* A studio whose document names the server. */
static void open_with(struct studio *studio, const struct model_server *server,
                      json_t *options_take)
{
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server->port);
    darkroom_open(studio, options_take);
    json_t *config = ask(studio, 200, "GET", "/config", NULL);
    json_t *ai = object_of(config, "ai");
    json_object_set_new(ai, "ollama_host", json_string(url));
    json_object_set_new(ai, "llm_model", json_string("painter"));
    json_decref(ask(studio, 200, "PUT", "/config", config));
}

static json_t *post(const struct studio *studio, int status)
{
    return ask(studio, status, "POST", "/job", json_pack("{s:s}", "prompt", "warm and soft"));
}

/* The job is there, with the settings of the model. */
static void expect_job(const struct studio *studio, json_t *answer_take)
{
    json_t *leased = job_next(studio, NULL);
    expect_text(leased, "jobId", text_of(answer_take, "jobId"));
    json_decref(leased);
    json_decref(answer_take);
}

/* A server with that script must make a failure of it that says so, in so many attempts. */
static void expect_failure(const struct model_reply *replies, int count, const char *words,
                           int attempts)
{
    struct model_server server;
    struct studio studio;
    model_server_start(&server, replies, count);
    open_with(&studio, &server, json_pack("{s:i}", "llm_timeout_s", 1));
    json_t *answer = post(&studio, 503);
    char *text = json_dumps(answer, 0);
    if (strstr(text, words) == NULL)
        fail_msg("%s does not say: %s", text, words);
    assert_int_equal(atomic_load(&server.asked), attempts);
    job_none(&studio, NULL);
    free(text);
    json_decref(answer);
    studio_close(&studio);
    model_server_stop(&server);
}

static void test_ollama(void **state)
{
    static const struct model_reply replies[] = {{200, OLLAMA(QUOTED_CONFIG)}};
    struct model_server server;
    struct studio studio;
    (void)state;
    model_server_start(&server, replies, 1);
    open_with(&studio, &server, NULL);
    expect_job(&studio, post(&studio, 201));
    assert_non_null(strstr(server.last_request, "POST /api/chat HTTP"));
    assert_non_null(strstr(server.last_request, "\"model\":\"painter\""));
    assert_non_null(strstr(server.last_request, "warm and soft"));
    assert_null(strstr(server.last_request, "Authorization"));
    studio_close(&studio);
    model_server_stop(&server);
}

/* A fence and words around the object do no harm; the first attempt fails. */
static void test_openai_and_one_retry(void **state)
{
    static const struct model_reply replies[] = {
        {500, "{}"}, {200, OPENAI("Here it is: ```json " QUOTED_CONFIG " ``` Enjoy!")}};
    struct model_server server;
    struct studio studio;
    (void)state;
    model_server_start(&server, replies, 2);
    open_with(&studio, &server,
              json_pack("{s:s, s:s}", "llm_api", "openai", "llm_key", "a secret"));
    expect_job(&studio, post(&studio, 201));
    assert_int_equal(atomic_load(&server.asked), 2);
    assert_non_null(strstr(server.last_request, "POST /v1/chat/completions HTTP"));
    assert_non_null(strstr(server.last_request, "Authorization: Bearer a secret"));
    studio_close(&studio);
    model_server_stop(&server);
}

static void test_garbage(void **state)
{
    static const struct model_reply no_json[] = {{200, "<html>"}};
    static const struct model_reply no_object[] = {{200, OLLAMA("I would rather not.")}};
    static const struct model_reply bad_settings[] = {
        {200, OLLAMA("{\\\"version\\\":\\\"1.0\\\"}")}};
    static const struct model_reply refused[] = {{401, "{}"}};
    (void)state;
    expect_failure(no_json, 1, "no JSON", 2);
    expect_failure(no_object, 1, "no JSON object", 2);
    expect_failure(bad_settings, 1, "pipeline: is required", 1);
    expect_failure(refused, 1, "status 401", 1);
}

static void test_a_server_that_never_answers(void **state)
{
    static const struct model_reply silence[] = {{0, NULL}};
    (void)state;
    expect_failure(silence, 1, "Timeout", 2);
}

static void test_no_server_and_no_model(void **state)
{
    struct model_server server;
    struct studio studio;
    static const struct model_reply replies[] = {{200, "{}"}};
    (void)state;
    model_server_start(&server, replies, 1);
    open_with(&studio, &server, NULL);
    model_server_stop(&server); /* its port is closed now */
    json_t *answer = post(&studio, 503);
    expect_text(answer, "error", "Failed to generate config");
    assert_non_null(strstr(text_of(answer, "details"), "did not answer"));
    json_decref(answer);
    json_t *config = ask(&studio, 200, "GET", "/config", NULL);
    json_object_set_new(object_of(config, "ai"), "llm_model", json_string(""));
    json_decref(ask(&studio, 200, "PUT", "/config", config));
    answer = post(&studio, 503);
    assert_non_null(strstr(text_of(answer, "error"), "No language model is configured"));
    json_decref(answer);
    studio_close(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ollama),
        cmocka_unit_test(test_openai_and_one_retry),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_a_server_that_never_answers),
        cmocka_unit_test(test_no_server_and_no_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
