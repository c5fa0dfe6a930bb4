/* Exchanges and expectations: see ask.h. */
#include "ask.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

void ask_raw(const struct studio *studio, const struct jmt_request *request,
             struct jmt_response *response_out)
{
    must(jmt_http_once(studio->host.port, request, response_out));
}

json_t *ask_text(const struct studio *studio, int status, const char *method, const char *path,
                 const char *content_type, const char *body)
{
    struct jmt_request request = {
        .method = method, .path = path, .content_type = content_type, .body = body};
    struct jmt_response response;
    ask_raw(studio, &request, &response);
    const char *type = jmt_response_header(&response, "Content-Type");
    json_t *answer = json_loadb(response.body, response.body_bytes, JSON_DECODE_ANY, NULL);
    if (response.status != status || !answer || !type || strncmp(type, "application/json", 16) != 0)
        fail_msg("%s %s %.200s answered %d (%s), not %d with JSON: %.300s", method, path,
                 body ? body : "", response.status, type ? type : "no type", status, response.body);
    jmt_response_fini(&response);
    return answer;
}

json_t *ask(const struct studio *studio, int status, const char *method, const char *path,
            json_t *body_take)
{
    char *body = body_take ? json_dumps(body_take, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    json_t *answer = ask_text(studio, status, method, path, body ? "application/json" : NULL, body);
    free(body);
    json_decref(body_take);
    return answer;
}

void ask_refused(const struct studio *studio, int status, const char *method, const char *path,
                 json_t *body_take, const char *words)
{
    json_t *answer = ask(studio, status, method, path, body_take);
    if (!strstr(text_of(answer, "error"), words))
        fail_msg("%s %s: the error is \"%s\", which does not say \"%s\"", method, path,
                 text_of(answer, "error"), words);
    json_decref(answer);
}

void ask_broadcast(const struct studio *studio, const char *channel, const char *type,
                   json_t *data_take, bool durable)
{
    json_t *body = json_pack("{s:s, s:o, s:s?, s:b}", "type", type, "data", data_take, "channel",
                             channel, "durable", durable);
    json_decref(ask(studio, 200, "POST", "/websocket/broadcast", body));
}

static json_t *member(const json_t *object, const char *key, const char *kind, json_type type)
{
    json_t *value = json_object_get(object, key);
    if (value && (json_typeof(value) == type || (type == JSON_TRUE && json_is_false(value))))
        return value;
    char *text = json_dumps(object, JSON_ENCODE_ANY);
    fail_msg("\"%s\" is no %s in %.600s", key, kind, text ? text : "nothing");
    return NULL;
}

const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(member(object, key, "text", JSON_STRING));
}

json_int_t int_of(const json_t *object, const char *key)
{
    return json_integer_value(member(object, key, "integer", JSON_INTEGER));
}

double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? (double)json_integer_value(value)
                                  : json_real_value(member(object, key, "number", JSON_REAL));
}

json_t *list_of(const json_t *object, const char *key)
{
    return member(object, key, "list", JSON_ARRAY);
}

json_t *object_of(const json_t *object, const char *key)
{
    return member(object, key, "object", JSON_OBJECT);
}

bool bool_of(const json_t *object, const char *key)
{
    return json_is_true(member(object, key, "true or false", JSON_TRUE));
}

void expect_text(const json_t *object, const char *key, const char *wanted)
{
    const char *text = text_of(object, key);
    if (strcmp(text, wanted) != 0)
        fail_msg("\"%s\" is \"%s\", not \"%s\"", key, text, wanted);
}

void expect_int(const json_t *object, const char *key, json_int_t wanted)
{
    json_int_t value = int_of(object, key);
    if (value != wanted)
        fail_msg("\"%s\" is %lld, not %lld", key, (long long)value, (long long)wanted);
}

void expect_null(const json_t *object, const char *key)
{
    (void)member(object, key, "null", JSON_NULL);
}

void expect_time(const json_t *object, const char *key)
{
    static const char form[] = "0000-00-00T00:00:00.000Z";
    const char *text = text_of(object, key);
    bool fits = strlen(text) == sizeof form - 1;
    for (size_t i = 0; fits && form[i] != '\0'; i++)
        fits = form[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
    if (!fits)
        fail_msg("\"%s\" is \"%s\", no time like %s", key, text, form);
}
