/* The options of one plugin: its declared table, and for each option the configured value or the
 * default, checked. Values never change while the plugin is loaded. [loop] */
#include "host/config/config.h"
#include "host/config/option.h"
#include "host/config/suggest.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct jmh_plugin_options {
    const jm_option *table; /* the plugin's, lives until its destroy() */
    size_t count;
    json_t **values; /* one for each option */
};

static bool is_option_name(const char *name)
{
    if (name == NULL || name[0] < 'a' || name[0] > 'z')
        return false;
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0' &&
           strlen(name) <= 64 && strcmp(name, "enabled") != 0;
}

static const jm_option *find(const jm_option *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static jm_status check_default(const jm_option *option, struct jmh_err *err)
{
    char where[JMH_ERR_BYTES / 2];
    snprintf(where, sizeof where, "default of option '%s'", option->name);
    json_t *value = jmh_option_default(option);
    if (value == NULL)
        return jmh_err_set(err, JM_EINVAL, "%s: is no JSON: %.64s", where,
                           option->default_json != NULL ? option->default_json : "(absent)");
    jm_status status = jmh_option_check(option, value, where, err);
    json_decref(value);
    return status;
}

jm_status jmh_option_table_check(const jm_option *table, size_t count, struct jmh_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const jm_option *option = &table[i];
        if (!is_option_name(option->name))
            return jmh_err_set(
                err, JM_EINVAL,
                "option number %zu has the name '%.64s': a name is [a-z][a-z0-9_]*, at "
                "most 64 letters, and not 'enabled'",
                i + 1, option->name != NULL ? option->name : "");
        if (option->type < JM_OPTION_BOOL || option->type > JM_OPTION_LIST)
            return jmh_err_set(err, JM_EINVAL,
                               "option '%s' has the type %d, which is none of JM_OPTION_*",
                               option->name, (int)option->type);
        if (find(table, i, option->name) != NULL)
            return jmh_err_set(err, JM_EINVAL, "option '%s' is declared twice", option->name);
        jm_status status = check_default(option, err);
        if (status < 0)
            return status;
    }
    return JM_OK;
}

static jm_status unknown_option(const struct jmh_config *config, const char *plugin,
                                const char *key, const jm_option *table, size_t count,
                                struct jmh_err *err)
{
    struct jmh_suggest suggest;
    jmh_suggest_init(&suggest, key);
    for (size_t i = 0; i < count; i++)
        jmh_suggest_offer(&suggest, table[i].name);
    jmh_suggest_offer(&suggest, "enabled");
    return jmh_err_set(err, JM_EINVAL, "%s: plugins.%s.%.64s: there is no such option%s",
                       config->file, plugin, key, jmh_suggest_text(&suggest));
}

static jm_status check_keys(const struct jmh_config *config, const char *plugin, json_t *section,
                            const jm_option *table, size_t count, struct jmh_err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(section, key, value)
    {
        if (strcmp(key, "enabled") != 0 && find(table, count, key) == NULL)
            return unknown_option(config, plugin, key, table, count, err);
    }
    return JM_OK;
}

/* The configured value, else the default; a new reference, NULL with a sentence. */
static json_t *take_value(const struct jmh_config *config, const char *plugin, json_t *section,
                          const jm_option *option, struct jmh_err *err)
{
    json_t *configured = json_object_get(section, option->name);
    if (configured == NULL) {
        json_t *standard = jmh_option_default(option);
        if (standard == NULL)
            jmh_err_set(err, JM_ENOMEM, "out of memory for the options of plugin '%s'", plugin);
        return standard;
    }
    char where[JMH_ERR_BYTES / 2];
    snprintf(where, sizeof where, "%s: plugins.%s.%s", config->file, plugin, option->name);
    if (jmh_option_check(option, configured, where, err) < 0)
        return NULL;
    return json_incref(configured);
}

struct jmh_plugin_options *jmh_plugin_options_new(const struct jmh_config *config,
                                                  const char *plugin, const jm_option *table,
                                                  size_t count, struct jmh_err *err)
{
    json_t *section = json_object_get(json_object_get(config->document, "plugins"), plugin);
    if (check_keys(config, plugin, section, table, count, err) < 0)
        return NULL;
    struct jmh_plugin_options *options = calloc(1, sizeof *options);
    json_t **values = calloc(count + 1, sizeof *values);
    if (options == NULL || values == NULL) {
        free(options);
        free(values);
        jmh_err_set(err, JM_ENOMEM, "out of memory for the options of plugin '%s'", plugin);
        return NULL;
    }
    *options = (struct jmh_plugin_options){table, count, values};
    for (size_t i = 0; i < count; i++) {
        values[i] = take_value(config, plugin, section, &table[i], err);
        if (values[i] == NULL) {
            jmh_plugin_options_free(options);
            return NULL;
        }
    }
    return options;
}

void jmh_plugin_options_free(struct jmh_plugin_options *options)
{
    if (options == NULL)
        return;
    for (size_t i = 0; i < options->count; i++)
        json_decref(options->values[i]);
    free(options->values);
    free(options);
}

/* The value of a declared option of that type, or JM_ENOENT, JM_EINVAL. */
static jm_status get(const struct jmh_plugin_options *options, const char *name, int32_t type,
                     const json_t **value_out)
{
    const jm_option *option =
        options != NULL && name != NULL ? find(options->table, options->count, name) : NULL;
    if (option == NULL)
        return JM_ENOENT;
    if (option->type != type && !(type == JM_OPTION_NUMBER && option->type == JM_OPTION_INT))
        return JM_EINVAL;
    *value_out = options->values[option - options->table];
    return JM_OK;
}

jm_status jmh_plugin_options_bool(const struct jmh_plugin_options *options, const char *name,
                                  int32_t *value_out)
{
    const json_t *value;
    jm_status status = get(options, name, JM_OPTION_BOOL, &value);
    if (status >= 0)
        *value_out = json_is_true(value);
    return status;
}

jm_status jmh_plugin_options_int(const struct jmh_plugin_options *options, const char *name,
                                 int64_t *value_out)
{
    const json_t *value;
    jm_status status = get(options, name, JM_OPTION_INT, &value);
    if (status >= 0)
        *value_out = json_integer_value(value);
    return status;
}

jm_status jmh_plugin_options_number(const struct jmh_plugin_options *options, const char *name,
                                    double *value_out)
{
    const json_t *value;
    jm_status status = get(options, name, JM_OPTION_NUMBER, &value);
    if (status >= 0)
        *value_out = json_number_value(value);
    return status;
}

jm_status jmh_plugin_options_text(const struct jmh_plugin_options *options, const char *name,
                                  jm_span *value_out)
{
    const json_t *value;
    jm_status status = get(options, name, JM_OPTION_TEXT, &value);
    if (status >= 0)
        *value_out = (jm_span){json_string_value(value), json_string_length(value)};
    return status;
}

jm_status jmh_plugin_options_item(const struct jmh_plugin_options *options, const char *name,
                                  size_t index, jm_span *value_out)
{
    const json_t *value;
    jm_status status = get(options, name, JM_OPTION_LIST, &value);
    if (status < 0)
        return status;
    const json_t *item = json_array_get(value, index);
    if (item == NULL)
        return JM_ENOENT;
    *value_out = (jm_span){json_string_value(item), json_string_length(item)};
    return JM_OK;
}

void jmh_plugin_options_print(FILE *out, const char *plugin, const jm_option *table, size_t count)
{
    char prefix[128];
    snprintf(prefix, sizeof prefix, "plugins.%s.", plugin);
    jm_option enabled = {
        "enabled", JM_OPTION_BOOL, 0, "true", 0, 0, NULL, "Whether the plugin is started."};
    jmh_option_print(out, prefix, &enabled);
    for (size_t i = 0; i < count; i++)
        jmh_option_print(out, prefix, &table[i]);
}
