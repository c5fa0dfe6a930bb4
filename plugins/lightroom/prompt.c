/* The studio's document names the model; the options of junmai.json stand in where it does not. */
#include "prompt.h"

#include <stdlib.h>

#define ATTEMPTS 2
#define SLACK_MS 5000
#define RETRY_AFTER_S "30"

struct question {
    struct lr_core *core;
    struct lr_order order;
};

static void keep_text(void *user, jm_span json)
{
    json_t **value = user;
    *value = json_loadb(json.ptr, json.len, JSON_DECODE_ANY, NULL);
}

/* A text of the studio's document, or the option; a new reference. */
static json_t *setting(const struct lr_core *core, const char *pointer, jm_span option)
{
    const settings_service *settings = core->settings->table;
    json_t *value = NULL;
    if (settings != NULL)
        (void)settings->get(core->settings->provider_data, jm_span_of(pointer), keep_text, &value);
    if (json_is_string(value) && json_string_length(value) > 0)
        return value;
    json_decref(value);
    return jm_json_text(option);
}

static const char *api_of(const struct lr_core *core)
{
    json_t *provider = setting(core, "/ai/llm_provider", JM_SPAN("ollama"));
    bool ollama = jm_span_is(jm_span_of(json_string_value(provider)), "ollama");
    json_decref(provider);
    if (!jm_span_is(core->options.llm_api, "auto"))
        return core->options.llm_api.ptr;
    return ollama ? "ollama" : "openai";
}

/* The studio's document knows the address of Ollama alone: another server's may be in the options. */
static json_t *url_of(const struct lr_core *core, const char *api)
{
    if (strcmp(api, "openai") == 0 && core->options.llm_url.len > 0)
        return jm_json_text(core->options.llm_url);
    return setting(core, "/ai/ollama_host", core->options.llm_url);
}

static json_t *request_json(const struct lr_core *core, const json_t *prompt)
{
    const char *api = api_of(core);
    return json_pack("{s:s, s:o, s:o, s:o, s:I, s:i, s:O}", "api", api, "url", url_of(core, api),
                     "model", setting(core, "/ai/llm_model", core->options.llm_model), "key",
                     jm_json_text(core->options.llm_key), "timeout_ms",
                     (json_int_t)(core->options.llm_timeout_s * 1000), "attempts", ATTEMPTS,
                     "prompt", prompt);
}

/* The model has failed us: the client may try again. */
static jm_status no_answer(const struct lr_core *core, jm_id request, jm_span why)
{
    json_t *json =
        json_pack("{s:s, s:o}", "error", "Failed to generate config", "details", jm_json_text(why));
    (void)core->api.http->set_header(core->api.host, request, "Retry-After",
                                     JM_SPAN(RETRY_AFTER_S));
    return jm_json_respond(core->api.http, core->api.host, request, 503, json);
}

static jm_status on_done(void *user, jm_id task, jm_status status, jm_span text)
{
    struct question *question = user;
    struct lr_core *core = question->core;
    (void)task;
    if (status < 0) {
        status = no_answer(core, question->order.request, text);
    } else {
        json_t *answer = json_loadb(text.ptr, text.len, 0, NULL);
        status = lr_new_job(core, &question->order, json_object_get(answer, "config"), 503,
                            "Generated config failed validation");
        json_decref(answer);
        if (status < 0 && status != JM_EGONE)
            (void)core->api.http->respond_error(core->api.host, question->order.request, 503,
                                                core->api.error->last(core->api.host));
    }
    free(question);
    /* A client that has left is no failure: the job is there. */
    return status == JM_EGONE ? JM_OK : status;
}

static jm_status run(struct lr_core *core, const struct lr_order *order, json_t *request_take)
{
    jm_id id;
    struct question *question = malloc(sizeof *question);
    jm_span text = jm_json_dump(request_take);
    json_decref(request_take);
    if (question == NULL || jm_span_absent(text)) {
        free(question);
        free((char *)text.ptr);
        return JM_ENOMEM;
    }
    *question = (struct question){core, *order};
    const jm_task task = {.size = sizeof task,
                          .priority = JM_TASK_URGENT,
                          .name = "ask_model",
                          .label = "ask the language model for develop settings",
                          .request = text,
                          .wall_ms =
                              (uint32_t)core->options.llm_timeout_s * 1000 * ATTEMPTS + SLACK_MS,
                          .done = on_done,
                          .user = question};
    jm_status status = core->api.task->run(core->api.host, &task, &id);
    free((char *)text.ptr);
    if (status < 0)
        free(question);
    return status == JM_ENOMEM ? lr_fail(core, JM_EBUSY, "too many tasks wait; try again later")
                               : status;
}

jm_status lr_prompt_ask(struct lr_core *core, const struct lr_order *order, const json_t *prompt)
{
    json_t *request = request_json(core, prompt);
    const char *url = json_string_value(json_object_get(request, "url"));
    const char *model = json_string_value(json_object_get(request, "model"));
    if (request == NULL)
        return JM_ENOMEM;
    if (url[0] != '\0' && model[0] != '\0')
        return run(core, order, request);
    json_decref(request);
    return lr_fail(core, JM_EBUSY,
                   "No language model is configured: set ai.ollama_host and ai.llm_model in the "
                   "studio's configuration, or llm_url and llm_model of plugins.lightroom in "
                   "junmai.json; or post a ready config");
}
