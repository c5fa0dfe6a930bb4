/* Templates of metadata; see stamp.h. */
#include "stamp.h"

#include <junmai/sdk/json.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_BYTES 1000
#define KEYWORDS_MAX 100

static const char *const text_keys[] = {"creator", "copyright", "contact"};

static bool is_text_key(const char *key)
{
    for (size_t i = 0; i < JM_COUNT(text_keys); i++) {
        if (strcmp(key, text_keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static jm_status check_keywords(const struct import_core *core, const json_t *keywords)
{
    size_t i;
    const json_t *keyword;
    if (!json_is_array(keywords) || json_array_size(keywords) > KEYWORDS_MAX) {
        return import_fail(core, JM_EINVAL, "template.keywords must be a list of at most %d texts",
                           KEYWORDS_MAX);
    }
    json_array_foreach(keywords, i, keyword)
    {
        if (!json_is_string(keyword) || json_string_length(keyword) > TEXT_BYTES) {
            return import_fail(core, JM_EINVAL,
                               "template.keywords[%zu] must be a text of at most %d bytes", i,
                               TEXT_BYTES);
        }
    }
    return JM_OK;
}

static jm_status check(const struct import_core *core, const char *key, const json_t *value)
{
    if (strcmp(key, "keywords") == 0) {
        return check_keywords(core, value);
    }
    if (!is_text_key(key)) {
        return import_fail(core, JM_EINVAL,
                           "template has no member \"%.40s\": it is creator, copyright, contact "
                           "and keywords",
                           key);
    }
    if (!json_is_string(value) || json_string_length(value) > TEXT_BYTES) {
        return import_fail(core, JM_EINVAL, "template.%s must be a text of at most %d bytes", key,
                           TEXT_BYTES);
    }
    return JM_OK;
}

/* Whether there is anything to say. */
static bool is_empty(const json_t *stamp)
{
    for (size_t i = 0; i < JM_COUNT(text_keys); i++) {
        if (json_string_length(json_object_get(stamp, text_keys[i])) > 0) {
            return false;
        }
    }
    return json_array_size(json_object_get(stamp, "keywords")) == 0;
}

static json_t *drop_if_empty(json_t *stamp_take)
{
    if (is_empty(stamp_take)) {
        json_decref(stamp_take);
        return NULL;
    }
    return stamp_take;
}

static jm_status read_text(const struct import_core *core, const char *key, json_t *stamp)
{
    char name[40];
    jm_span text = {"", 0};
    snprintf(name, sizeof name, "template_%s", key);
    jm_status status = core->config->get_text(core->host, name, &text);
    if (status == JM_OK && text.len > 0) {
        json_object_set_new(stamp, key, jm_json_text(text));
    }
    return status;
}

jm_status stamp_read_options(struct import_core *core)
{
    json_t *stamp = json_object();
    json_t *keywords = json_array();
    jm_status status = JM_OK;
    jm_span keyword;
    for (size_t i = 0; status == JM_OK && i < JM_COUNT(text_keys); i++) {
        status = read_text(core, text_keys[i], stamp);
    }
    for (size_t i = 0;
         core->config->get_item(core->host, "template_keywords", i, &keyword) == JM_OK; i++) {
        json_array_append_new(keywords, jm_json_text(keyword));
    }
    json_object_set_new(stamp, "keywords", keywords);
    const char *key;
    json_t *value;
    json_object_foreach(stamp, key, value)
    {
        status = status == JM_OK ? check(core, key, value) : status;
    }
    core->options.stamp = drop_if_empty(stamp);
    return status;
}

jm_status stamp_read_body(const struct import_core *core, const json_t *template_of_body,
                          json_t **stamp_out)
{
    const char *key;
    const json_t *value;
    *stamp_out = NULL;
    if (template_of_body == NULL || json_is_null(template_of_body)) {
        *stamp_out = json_incref(core->options.stamp);
        return JM_OK;
    }
    if (!json_is_object(template_of_body)) {
        return import_fail(core, JM_EINVAL, "template must be an object");
    }
    json_object_foreach((json_t *)template_of_body, key, value)
    {
        jm_status status = check(core, key, value);
        if (status < 0) {
            return status;
        }
    }
    json_t *stamp = core->options.stamp == NULL ? json_object() : json_copy(core->options.stamp);
    json_object_update(stamp, (json_t *)template_of_body);
    *stamp_out = drop_if_empty(stamp);
    return JM_OK;
}

/* The text with its variables filled in; a new JSON text. */
static json_t *expand(const char *text, const char *session, const char *year)
{
    static const struct {
        const char *name;
        bool is_year;
    } variables[] = {{"{session}", false}, {"{year}", true}};
    char *out = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&out, &len);
    while (stream != NULL && *text != '\0') {
        size_t skip = 0;
        for (size_t i = 0; i < JM_COUNT(variables); i++) {
            if (strncmp(text, variables[i].name, strlen(variables[i].name)) == 0) {
                skip = strlen(variables[i].name);
                fputs(variables[i].is_year ? year : session, stream);
            }
        }
        if (skip == 0) {
            fputc(*text, stream);
        }
        text += skip == 0 ? 1 : skip;
    }
    json_t *json = stream == NULL || fclose(stream) != 0 ? NULL : json_stringn(out, len);
    free(out);
    return json;
}

json_t *stamp_expand(const json_t *stamp, const char *session, const char *year)
{
    json_t *expanded = json_object();
    json_t *keywords = json_array();
    size_t i;
    const json_t *keyword;
    for (size_t k = 0; k < JM_COUNT(text_keys); k++) {
        const char *text = json_string_value(json_object_get(stamp, text_keys[k]));
        if (text != NULL) {
            json_object_set_new(expanded, text_keys[k], expand(text, session, year));
        }
    }
    json_array_foreach(json_object_get(stamp, "keywords"), i, keyword)
    {
        json_array_append_new(keywords, expand(json_string_value(keyword), session, year));
    }
    json_object_set_new(expanded, "keywords", keywords);
    return expanded;
}
