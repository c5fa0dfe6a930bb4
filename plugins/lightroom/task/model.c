/* Two dialects of asking, one answer: an object in the text that the model has written. */
#include "task/model.h"

#include "task/post.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URL_BYTES 1024

static const char instructions[] =
    "You turn a photographer's wish into develop settings for Adobe Lightroom Classic. Answer with "
    "one JSON object and nothing else: {\"version\":\"1.0\",\"pipeline\":[...],\"safety\":"
    "{\"snapshot\":true,\"dryRun\":false}}. Each element of pipeline has a \"stage\", one of base, "
    "toneCurve, HSL, detail, effects, calibration, local, preset, and what belongs to it: base and "
    "effects have \"settings\" (an object such as {\"Exposure2012\":0.3,\"Contrast2012\":10}); "
    "toneCurve has \"rgb\" (a list of [input, output] from 0 to 255); HSL has \"hue\", \"sat\" and "
    "\"lum\" (objects by colour, -100 to 100); detail has \"sharpen\" and \"nr\"; effects may have "
    "\"grain\" and \"vignette\"; calibration has \"redPrimary\", \"greenPrimary\", "
    "\"bluePrimary\".";

static const char *text_of(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text != NULL ? text : "";
}

static bool speaks_ollama(const json_t *request)
{
    return strcmp(text_of(request, "api"), "ollama") == 0;
}

static json_t *question(const json_t *request)
{
    json_t *body =
        json_pack("{s:s, s:b, s:[{s:s, s:s}, {s:s, s:s}]}", "model", text_of(request, "model"),
                  "stream", 0, "messages", "role", "system", "content", instructions, "role",
                  "user", "content", text_of(request, "prompt"));
    if (speaks_ollama(request))
        json_object_set_new(body, "format", json_string("json"));
    else
        json_object_set_new(body, "response_format", json_pack("{s:s}", "type", "json_object"));
    return body;
}

/* The base address may end in a slash, and OpenAI's also in /v1. */
static void make_url(const json_t *request, char url_out[URL_BYTES])
{
    static const char version[] = "/v1";
    const char *base = text_of(request, "url");
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/')
        length--;
    bool versioned = length >= 3 && strncmp(base + length - 3, version, 3) == 0;
    const char *rest = speaks_ollama(request) ? "/api/chat"
                       : versioned            ? "/chat/completions"
                                              : "/v1/chat/completions";
    if (length > URL_BYTES - 64)
        length = URL_BYTES - 64;
    snprintf(url_out, URL_BYTES, "%.*s%s", (int)length, base, rest);
}

/* The object in the model's text, from its first brace to its last: models like to put words, or a
 * fence, around it. */
static json_t *read_config(const json_t *request, const json_t *answer)
{
    const json_t *choice = json_array_get(json_object_get(answer, "choices"), 0);
    const json_t *message = json_object_get(speaks_ollama(request) ? answer : choice, "message");
    const char *text = text_of(message, "content");
    const char *first = strchr(text, '{');
    const char *last = strrchr(text, '}');
    if (first == NULL || last < first)
        return NULL;
    return json_loadb(first, (size_t)(last - first) + 1, 0, NULL);
}

/* One attempt. */
static json_t *ask(const json_t *request, struct post *post, int *retry_out)
{
    json_t *body = question(request);
    json_t *answer = post_json(post, body, retry_out);
    json_t *config = answer == NULL ? NULL : read_config(request, answer);
    if (answer != NULL && config == NULL)
        snprintf(post->sentence, sizeof post->sentence,
                 "the model %.100s answered with something that holds no JSON object",
                 text_of(request, "model"));
    json_decref(answer);
    json_decref(body);
    return config;
}

static jm_status hand_over(const jm_task_run *run, json_t *config)
{
    json_t *result = json_pack("{s:O}", "config", config);
    char *text = result == NULL ? NULL : json_dumps(result, JSON_COMPACT);
    jm_status status = text == NULL ? JM_ENOMEM : run->result(run, (jm_span){text, strlen(text)});
    free(text);
    json_decref(result);
    return status;
}

jm_status model_task(const jm_task_run *run)
{
    char url[URL_BYTES];
    json_t *request = json_loadb(run->request.ptr, run->request.len, 0, NULL);
    json_int_t attempts = json_integer_value(json_object_get(request, "attempts"));
    struct post post = {.run = run,
                        .url = url,
                        .key = text_of(request, "key"),
                        .timeout_ms =
                            (long)json_integer_value(json_object_get(request, "timeout_ms"))};
    json_t *config = NULL;
    int retry = 1;
    make_url(request, url);
    for (json_int_t i = 0; i < attempts && retry && config == NULL && !run->cancelled(run); i++)
        config = ask(request, &post, &retry);
    jm_status status = config != NULL ? hand_over(run, config) : JM_EIO;
    if (config == NULL)
        run->fail(run, (jm_span){post.sentence, strlen(post.sentence)});
    json_decref(config);
    json_decref(request);
    return status;
}

jm_status model_setup(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? JM_OK : JM_EIO;
}
