/* jansson, compiled into the plugin: read a document, write an answer or an event.
 *
 * No jansson type crosses the boundary to the host. Functions named ..._take own what they are given
 * in every case, and take NULL for "out of memory", so that a document can be built in the call.
 * Link jansson. [loop] */
#ifndef JUNMAI_SDK_JSON_H
#define JUNMAI_SDK_JSON_H

#include <jansson.h>
#include <junmai/ext/event.h>
#include <junmai/ext/http.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/span.h>

/* Fifteen digits are what every double keeps: 33.33 is written as 33.33. */
#define JM_JSON_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

/* A document that is being read, and where its faults are told. */
typedef struct jm_doc {
    const jm_host *host;
    const jm_host_error *error;
    json_t *root; /* an object; owned */
} jm_doc;

static inline const char *jm_json_type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    default:
        return "null";
    }
}

/* Read an object; a fault is told with its line and column. Ended by jm_doc_fini, which is safe
 * after a failure too. Returns JM_OK, JM_EINVAL. */
static inline jm_status jm_doc_init(jm_doc *doc, const jm_host_error *error, const jm_host *host,
                                    jm_span text)
{
    json_error_t fault;
    *doc = (jm_doc){host, error, json_loadb(text.len > 0 ? text.ptr : "", text.len, 0, &fault)};
    if (doc->root == NULL)
        return jm_fail(error, host, JM_EINVAL, "this is not JSON: %s (line %d, column %d)",
                       fault.text, fault.line, fault.column);
    if (json_is_object(doc->root))
        return JM_OK;
    return jm_fail(error, host, JM_EINVAL, "a JSON object is needed here, not %s",
                   jm_json_type_name(doc->root));
}

static inline void jm_doc_fini(jm_doc *doc)
{
    json_decref(doc->root);
    doc->root = NULL;
}

/* The value of a key; NULL where it is absent or null. */
static inline json_t *jm_doc_value(const jm_doc *doc, const char *key)
{
    json_t *value = json_object_get(doc->root, key);
    return json_is_null(value) ? NULL : value;
}

static inline jm_status jm_doc_wrong(const jm_doc *doc, const char *key, const char *wanted,
                                     const json_t *value)
{
    if (value == NULL)
        return jm_fail(doc->error, doc->host, JM_EINVAL, "%s is required: %s", key, wanted);
    return jm_fail(doc->error, doc->host, JM_EINVAL, "%s must be %s, not %s", key, wanted,
                   jm_json_type_name(value));
}

/* The typed getters. A key that is absent or null is a fault where it is `required`, and leaves
 * *value_out as it is where it is not. Return JM_OK, JM_EINVAL. */

/* The text lives as long as the document, and is NUL-terminated. */
static inline jm_status jm_doc_text(const jm_doc *doc, const char *key, bool required,
                                    jm_span *value_out)
{
    json_t *value = jm_doc_value(doc, key);
    if (value == NULL && !required)
        return JM_OK;
    if (!json_is_string(value))
        return jm_doc_wrong(doc, key, "a text", value);
    *value_out = (jm_span){json_string_value(value), json_string_length(value)};
    return JM_OK;
}

static inline jm_status jm_doc_int(const jm_doc *doc, const char *key, bool required,
                                   int64_t *value_out)
{
    json_t *value = jm_doc_value(doc, key);
    if (value == NULL && !required)
        return JM_OK;
    if (!json_is_integer(value))
        return jm_doc_wrong(doc, key, "an integer", value);
    *value_out = json_integer_value(value);
    return JM_OK;
}

static inline jm_status jm_doc_number(const jm_doc *doc, const char *key, bool required,
                                      double *value_out)
{
    json_t *value = jm_doc_value(doc, key);
    if (value == NULL && !required)
        return JM_OK;
    if (!json_is_number(value))
        return jm_doc_wrong(doc, key, "a number", value);
    *value_out = json_number_value(value);
    return JM_OK;
}

static inline jm_status jm_doc_bool(const jm_doc *doc, const char *key, bool required,
                                    bool *value_out)
{
    json_t *value = jm_doc_value(doc, key);
    if (value == NULL && !required)
        return JM_OK;
    if (!json_is_boolean(value))
        return jm_doc_wrong(doc, key, "true or false", value);
    *value_out = json_is_true(value);
    return JM_OK;
}

/* A text as JSON; NULL when out of memory or where it is not UTF-8. */
static inline json_t *jm_json_text(jm_span text)
{
    return json_stringn(text.len > 0 ? text.ptr : "", text.len);
}

/* The document as compact text, to free(). Absent when out of memory. */
static inline jm_span jm_json_dump(const json_t *json)
{
    char *text = json == NULL ? NULL : json_dumps(json, JM_JSON_FLAGS);
    return jm_span_of(text);
}

/* Answer a request. Returns what respond() returns, or JM_ENOMEM. */
static inline jm_status jm_json_respond(const jm_host_http *http, const jm_host *host,
                                        jm_id request, int32_t http_status, json_t *json_take)
{
    jm_span text = jm_json_dump(json_take);
    json_decref(json_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status = http->respond(host, request, http_status, text);
    free((char *)text.ptr);
    return status;
}

/* Publish an event on its declared channel. Returns what publish() returns, or JM_ENOMEM. */
static inline jm_status jm_json_publish(const jm_host_event *event, const jm_host *host,
                                        const char *type, json_t *fields_take)
{
    static const jm_span declared_channel = {NULL, 0};
    jm_span text = jm_json_dump(fields_take);
    json_decref(fields_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status = event->publish(host, jm_span_of(type), declared_channel, text);
    free((char *)text.ptr);
    return status;
}

#endif
