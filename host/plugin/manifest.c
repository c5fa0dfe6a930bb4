/* manifest.json of a plugin: read key by key, so that a mistake is told with its place. [loop] */
#include "host/plugin/manifest.h"

#include "host/config/option.h"
#include "host/config/suggest.h"
#include "host/util/span.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX 64
#define TEXT_MAX 512

/* A manifest that is being read. */
struct reading {
    struct jmh_manifest *manifest;
    const char *where;
    struct jmh_err *err;
};

static jm_status fail(const struct reading *reading, const char *key, const char *rule)
{
    return jmh_err_set(reading->err, JM_EINVAL, "%s: %s: %s", reading->where, key, rule);
}

static bool consists_of(const char *text, const char *allowed)
{
    return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

static bool is_plugin_name(const char *text)
{
    return text[0] >= 'a' && text[0] <= 'z' && strlen(text) <= 32 &&
           consists_of(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
}

/* Three numbers, and whatever semantic versioning allows behind them. */
static bool is_version(const char *text)
{
    unsigned major, minor, patch;
    int len = 0;
    if (sscanf(text, "%9u.%9u.%9u%n", &major, &minor, &patch, &len) != 3)
        return false;
    return text[len] == '\0' || ((text[len] == '-' || text[len] == '+') && strlen(text) <= 64);
}

static bool is_object_file(const char *text)
{
    size_t len = strlen(text);
    return len > 3 && len <= 64 && text[0] != '.' && strchr(text, '/') == NULL &&
           strcmp(text + len - 3, ".so") == 0;
}

/* "studio.name/1" */
static bool is_service_id(const char *text)
{
    const char *slash = strchr(text, '/');
    jm_span name = {text, slash != NULL ? (size_t)(slash - text) : 0};
    return slash != NULL && jmh_span_is_name(name) && strlen(slash + 1) <= 4 &&
           consists_of(slash + 1, "0123456789");
}

static bool is_prefix(const char *text)
{
    size_t len = strlen(text);
    return text[0] == '/' && len > 1 && len <= 128 && text[len - 1] != '/';
}

static bool is_sentence(const char *text)
{
    return text[0] != '\0' && strlen(text) <= TEXT_MAX;
}

static jm_status read_text(const struct reading *reading, const char *key, const json_t *value,
                           char **text_out, bool (*is_right)(const char *text), const char *rule)
{
    if (!json_is_string(value) || !is_right(json_string_value(value)))
        return fail(reading, key, rule);
    *text_out = strdup(json_string_value(value));
    return *text_out != NULL ? JM_OK : fail(reading, key, "out of memory");
}

static jm_status read_list(const struct reading *reading, const char *key, const json_t *value,
                           char ***list_out, bool (*is_right)(const char *text), const char *rule)
{
    if (!json_is_array(value) || json_array_size(value) > LIST_MAX)
        return fail(reading, key, rule);
    size_t count = json_array_size(value);
    *list_out = calloc(count + 1, sizeof **list_out);
    if (*list_out == NULL)
        return fail(reading, key, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        jm_status status = read_text(reading, key, item, &(*list_out)[i], is_right, rule);
        if (status < 0)
            return status;
    }
    return JM_OK;
}

static jm_status read_abi(const struct reading *reading, const char *key, const json_t *value)
{
    const json_t *major = json_object_get(value, "major"), *minor = json_object_get(value, "minor");
    bool whole = json_is_object(value) && json_object_size(value) == 2 && json_is_integer(major) &&
                 json_is_integer(minor);
    json_int_t numbers[2] = {json_integer_value(major), json_integer_value(minor)};
    if (!whole || numbers[0] < 1 || numbers[0] > 65535 || numbers[1] < 0 || numbers[1] > 65535)
        return fail(reading, key,
                    "must be {\"major\": 1, \"minor\": 0}, the version of the SDK that "
                    "the plugin was built with");
    reading->manifest->abi_major = (int)numbers[0];
    reading->manifest->abi_minor = (int)numbers[1];
    return JM_OK;
}

static jm_status read_switch(const struct reading *reading, const char *key, const json_t *value,
                             bool *switch_out)
{
    *switch_out = json_is_true(value);
    return json_is_boolean(value) ? JM_OK : fail(reading, key, "must be true or false");
}

static const char *const keys[] = {"name",        "version", "description", "object",
                                   "task_object", "abi",     "provides",    "requires",
                                   "optional",    "routes",  "task_network"};

static jm_status read_unknown(const struct reading *reading, const char *key)
{
    struct jmh_suggest suggest;
    jmh_suggest_init(&suggest, key);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        jmh_suggest_offer(&suggest, keys[i]);
    return jmh_err_set(reading->err, JM_EINVAL, "%s: %.64s: there is no such key%s", reading->where,
                       key, jmh_suggest_text(&suggest));
}

static jm_status read_member(const struct reading *reading, const char *key, const json_t *value)
{
    static const char file_rule[] =
        "must be the name of a file beside the manifest that ends in .so";
    static const char id_rule[] = "must be an array of service ids such as \"studio.name/1\"";
    struct jmh_manifest *manifest = reading->manifest;
    if (strcmp(key, "name") == 0)
        return read_text(reading, key, value, &manifest->name, is_plugin_name,
                         "must be [a-z][a-z0-9_]*, at most 32 characters");
    if (strcmp(key, "version") == 0)
        return read_text(reading, key, value, &manifest->version, is_version,
                         "must be a semantic version such as \"1.0.0\"");
    if (strcmp(key, "description") == 0)
        return read_text(reading, key, value, &manifest->description, is_sentence,
                         "must be a sentence of at most 512 bytes");
    if (strcmp(key, "object") == 0)
        return read_text(reading, key, value, &manifest->object, is_object_file, file_rule);
    if (strcmp(key, "task_object") == 0)
        return read_text(reading, key, value, &manifest->task_object, is_object_file, file_rule);
    if (strcmp(key, "abi") == 0)
        return read_abi(reading, key, value);
    if (strcmp(key, "provides") == 0)
        return read_list(reading, key, value, &manifest->provides, is_service_id, id_rule);
    if (strcmp(key, "requires") == 0)
        return read_list(reading, key, value, &manifest->requires, is_service_id, id_rule);
    if (strcmp(key, "optional") == 0)
        return read_list(reading, key, value, &manifest->optional, is_service_id, id_rule);
    if (strcmp(key, "routes") == 0)
        return read_list(reading, key, value, &manifest->routes, is_prefix,
                         "must be an array of path prefixes such as \"/export\"");
    if (strcmp(key, "task_network") == 0)
        return read_switch(reading, key, value, &manifest->task_network);
    return read_unknown(reading, key);
}

/* A list that was left out is an empty one. */
static bool complete_list(char ***list)
{
    if (*list == NULL)
        *list = calloc(1, sizeof **list);
    return *list != NULL;
}

static jm_status complete(const struct reading *reading)
{
    struct jmh_manifest *manifest = reading->manifest;
    const char *missing = manifest->name == NULL          ? "name"
                          : manifest->version == NULL     ? "version"
                          : manifest->description == NULL ? "description"
                          : manifest->object == NULL      ? "object"
                          : manifest->abi_major == 0      ? "abi"
                                                          : NULL;
    if (missing != NULL)
        return fail(reading, missing, "is missing, and every manifest needs it");
    if (!complete_list(&manifest->provides) || !complete_list(&manifest->requires) ||
        !complete_list(&manifest->optional) || !complete_list(&manifest->routes))
        return fail(reading, manifest->name, "out of memory");
    return JM_OK;
}

jm_status jmh_manifest_parse(struct jmh_manifest *manifest, jm_span text, const char *where,
                             struct jmh_err *err)
{
    *manifest = (struct jmh_manifest){0};
    struct reading reading = {manifest, where, err};
    json_error_t fault;
    json_t *document =
        json_loadb(text.len > 0 ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES, &fault);
    if (document == NULL)
        return jmh_err_set(err, JM_EINVAL, "%s: line %d, column %d: %s", where, fault.line,
                           fault.column, fault.text);
    jm_status status = JM_OK;
    if (!json_is_object(document))
        status = jmh_err_set(err, JM_EINVAL, "%s: must be an object, not %s", where,
                             jmh_json_type_text(document));
    const char *key;
    json_t *value;
    json_object_foreach(document, key, value)
    {
        status = status < 0 ? status : read_member(&reading, key, value);
    }
    if (status >= 0)
        status = complete(&reading);
    if (status < 0)
        jmh_manifest_fini(manifest);
    json_decref(document);
    return status;
}

static void list_free(char **list)
{
    for (size_t i = 0; list != NULL && list[i] != NULL; i++)
        free(list[i]);
    free(list);
}

void jmh_manifest_fini(struct jmh_manifest *manifest)
{
    free(manifest->name);
    free(manifest->version);
    free(manifest->description);
    free(manifest->object);
    free(manifest->task_object);
    list_free(manifest->provides);
    list_free(manifest->requires);
    list_free(manifest->optional);
    list_free(manifest->routes);
    *manifest = (struct jmh_manifest){0};
}
