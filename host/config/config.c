/* junmai.json: found, read, checked key by key, and taken over with the defaults of the rest. [loop] */
#include "host/config/config.h"

#include "host/config/option.h"
#include "host/config/options.h"
#include "host/config/suggest.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 160

/* The option of that path, NULL for none; *is_group_out: there are options below it. */
static const struct jmh_setting *setting_at(const char *path, bool *is_group_out)
{
    size_t len = strlen(path);
    *is_group_out = false;
    for (size_t i = 0; i < jmh_setting_count; i++) {
        const char *name = jmh_settings[i].option.name;
        if (strcmp(name, path) == 0)
            return &jmh_settings[i];
        if (strncmp(name, path, len) == 0 && name[len] == '.')
            *is_group_out = true;
    }
    return NULL;
}

static jm_status unknown_key(const struct jmh_config *config, const char *prefix, const char *key,
                             struct jmh_err *err)
{
    size_t len = strlen(prefix);
    struct jmh_suggest suggest;
    jmh_suggest_init(&suggest, key);
    for (size_t i = 0; i < jmh_setting_count; i++) {
        const char *name = jmh_settings[i].option.name;
        char known[PATH_BYTES];
        if (strncmp(name, prefix, len) != 0)
            continue;
        snprintf(known, sizeof known, "%.*s", (int)strcspn(name + len, "."), name + len);
        jmh_suggest_offer(&suggest, known);
    }
    if (len == 0)
        jmh_suggest_offer(&suggest, "plugins");
    return jmh_err_set(err, JM_EINVAL, "%s: %s%.64s: there is no such option%s", config->file,
                       prefix, key, jmh_suggest_text(&suggest));
}

static jm_status must_be_object(const struct jmh_config *config, const char *path,
                                const json_t *value, struct jmh_err *err)
{
    if (json_is_object(value))
        return JM_OK;
    return jmh_err_set(err, JM_EINVAL, "%s: %s: must be an object, not %s", config->file, path,
                       jmh_json_type_text(value));
}

/* Of a plugin's section only `enabled` is the host's; the rest is checked once the plugin has
 * declared its options. */
static jm_status check_plugins(const struct jmh_config *config, json_t *plugins,
                               struct jmh_err *err)
{
    const char *name;
    json_t *section;
    json_object_foreach(plugins, name, section)
    {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "plugins.%.64s", name);
        if (must_be_object(config, path, section, err) < 0)
            return err->code;
        const json_t *enabled = json_object_get(section, "enabled");
        if (enabled != NULL && !json_is_boolean(enabled))
            return jmh_err_set(err, JM_EINVAL, "%s: %s.enabled: must be true or false, not %s",
                               config->file, path, jmh_json_type_text(enabled));
    }
    return JM_OK;
}

static jm_status check_object(const struct jmh_config *config, json_t *object, const char *prefix,
                              struct jmh_err *err);

static jm_status check_member(const struct jmh_config *config, const char *prefix, const char *key,
                              json_t *value, struct jmh_err *err)
{
    char path[PATH_BYTES], where[JMH_ERR_BYTES / 2];
    snprintf(path, sizeof path, "%s%.64s", prefix, key);
    bool top = prefix[0] == '\0';
    bool is_plugins = top && strcmp(key, "plugins") == 0;
    bool is_auth = top && strcmp(key, "auth") == 0;

    bool is_group;
    const struct jmh_setting *setting =
        strchr(key, '.') == NULL ? setting_at(path, &is_group) : NULL;
    if (setting != NULL) {
        snprintf(where, sizeof where, "%s: %s", config->file, path);
        return jmh_option_check(&setting->option, value, where, err);
    }
    if (strchr(key, '.') != NULL || !(is_group || is_plugins || is_auth))
        return unknown_key(config, prefix, key, err);
    if (must_be_object(config, path, value, err) < 0)
        return err->code;
    if (is_plugins)
        return check_plugins(config, value, err);
    snprintf(where, sizeof where, "%s.", path);
    return check_object(config, value, where, err);
}

static jm_status check_object(const struct jmh_config *config, json_t *object, const char *prefix,
                              struct jmh_err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        jm_status status = check_member(config, prefix, key, value, err);
        if (status < 0)
            return status;
    }
    return JM_OK;
}

/* The value at a path of the document, NULL where it is absent. */
static json_t *find(json_t *document, const char *path)
{
    json_t *at = document;
    while (at != NULL && *path != '\0') {
        char key[PATH_BYTES];
        size_t len = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)len, path);
        at = json_object_get(at, key);
        path += path[len] == '.' ? len + 1 : len;
    }
    return at;
}

static void list_free(char **list)
{
    for (size_t i = 0; list != NULL && list[i] != NULL; i++)
        free(list[i]);
    free(list);
}

static char **list_new(const json_t *array)
{
    size_t count = json_array_size(array);
    char **list = calloc(count + 1, sizeof *list);
    for (size_t i = 0; list != NULL && i < count; i++) {
        list[i] = strdup(json_string_value(json_array_get(array, i)));
        if (list[i] == NULL) {
            list_free(list);
            return NULL;
        }
    }
    return list;
}

static bool take_over(struct jmh_config *config, const struct jmh_setting *setting,
                      const json_t *value)
{
    void *member = (char *)config + setting->offset;
    switch (setting->kind) {
    case JMH_SETTING_INT64:
        *(int64_t *)member = json_integer_value(value);
        return true;
    case JMH_SETTING_INT:
        *(int *)member = (int)json_integer_value(value);
        return true;
    case JMH_SETTING_FULL:
        *(bool *)member = strcmp(json_string_value(value), "full") == 0;
        return true;
    case JMH_SETTING_COMPRESSION: {
        const char *text = json_string_value(value);
        *(enum jmh_compression *)member = strcmp(text, "always") == 0  ? JMH_COMPRESSION_ALWAYS
                                          : strcmp(text, "never") == 0 ? JMH_COMPRESSION_NEVER
                                                                       : JMH_COMPRESSION_REMOTE;
        return true;
    }
    case JMH_SETTING_LIST:
        *(char ***)member = list_new(value);
        return *(char ***)member != NULL;
    }
    return false;
}

static jm_status take_all(struct jmh_config *config, struct jmh_err *err)
{
    for (size_t i = 0; i < jmh_setting_count; i++) {
        const struct jmh_setting *setting = &jmh_settings[i];
        json_t *value = json_incref(find(config->document, setting->option.name));
        if (value == NULL)
            value = jmh_option_default(&setting->option);
        bool taken = value != NULL && take_over(config, setting, value);
        json_decref(value);
        if (!taken)
            return jmh_err_set(err, JM_ENOMEM, "out of memory while reading the configuration");
    }
    return JM_OK;
}

/* The operator's file where none was named; NULL where there is none. */
static char *default_file(void)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *below = "";
    if (base == NULL || base[0] != '/') {
        base = getenv("HOME");
        below = "/.config";
    }
    if (base == NULL || base[0] != '/')
        return NULL;
    static const char name[] = "/junmai/junmai.json";
    size_t bytes = strlen(base) + strlen(below) + sizeof name;
    char *file = malloc(bytes);
    if (file == NULL)
        return NULL;
    snprintf(file, bytes, "%s%s%s", base, below, name);
    if (access(file, F_OK) == 0)
        return file;
    free(file);
    return NULL;
}

static jm_status read_document(struct jmh_config *config, struct jmh_err *err)
{
    FILE *in = fopen(config->file, "re");
    if (in == NULL)
        return jmh_err_set(err, errno == ENOENT ? JM_ENOENT : JM_EIO, "%s: cannot be read: %s",
                           config->file, strerror(errno));
    json_error_t fault;
    config->document = json_loadf(in, JSON_REJECT_DUPLICATES, &fault);
    fclose(in);
    if (config->document == NULL)
        return jmh_err_set(err, JM_EINVAL, "%s: line %d, column %d: %s", config->file, fault.line,
                           fault.column, fault.text);
    if (!json_is_object(config->document))
        return jmh_err_set(err, JM_EINVAL, "%s: must be an object, not %s", config->file,
                           jmh_json_type_text(config->document));
    return check_object(config, config->document, "", err);
}

jm_status jmh_config_load(struct jmh_config *config, const char *file, struct jmh_err *err)
{
    *config = (struct jmh_config){0};
    config->file = file != NULL ? strdup(file) : default_file();
    if (config->file == NULL && file != NULL)
        return jmh_err_set(err, JM_ENOMEM, "out of memory while reading the configuration");
    jm_status status = config->file != NULL ? read_document(config, err) : JM_OK;
    if (status >= 0)
        status = take_all(config, err);
    if (status < 0)
        jmh_config_fini(config);
    return status;
}

void jmh_config_fini(struct jmh_config *config)
{
    list_free(config->listen.bind);
    list_free(config->listen.origins);
    list_free(config->listen.hosts);
    json_decref(config->document);
    free(config->file);
    *config = (struct jmh_config){0};
}

bool jmh_config_plugin_enabled(const struct jmh_config *config, const char *name)
{
    const json_t *section = json_object_get(json_object_get(config->document, "plugins"), name);
    return !json_is_false(json_object_get(section, "enabled"));
}

const char *jmh_config_plugin_name(const struct jmh_config *config, size_t index)
{
    json_t *plugins = json_object_get(config->document, "plugins");
    void *at = json_object_iter(plugins);
    for (size_t i = 0; at != NULL && i < index; i++)
        at = json_object_iter_next(plugins, at);
    return at != NULL ? json_object_iter_key(at) : NULL;
}

void jmh_config_print(FILE *out)
{
    fputs("Options of junmai.json: path = default, meaning, and what is allowed.\n\n", out);
    for (size_t i = 0; i < jmh_setting_count; i++)
        jmh_option_print(out, "", &jmh_settings[i].option);
}
