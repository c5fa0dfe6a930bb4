/* The fake host's options: the declared defaults, or what the test has set. */
#include "internal.h"

#include <junmai/sdk/span.h>
#include <stdio.h>

void fakehost_set_option(struct fakehost *host, const char *plugin, const char *name,
                         const char *json)
{
    if (host->option_count == FAKE_OPTIONS)
        fake_die("fakehost: more than %d options", FAKE_OPTIONS);
    snprintf(host->options[host->option_count].plugin, 64, "%s", plugin);
    snprintf(host->options[host->option_count].name, 64, "%s", name);
    snprintf(host->options[host->option_count].json, 256, "%s", json);
    host->option_count++;
}

static const char *configured(const struct fake_plugin *plugin, const jm_option *option)
{
    const struct fakehost *world = plugin->world;
    for (size_t i = 0; i < world->option_count; i++) {
        if (strcmp(world->options[i].plugin, plugin->name) == 0 &&
            strcmp(world->options[i].name, option->name) == 0)
            return world->options[i].json;
    }
    return option->default_json;
}

static jm_status declare(const jm_host *host, const jm_option *options, size_t count)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_loads(configured(plugin, &options[i]), JSON_DECODE_ANY, NULL);
        if (value == NULL)
            return fake_fail(plugin, JM_EINVAL, "option %s is no JSON", options[i].name);
        json_object_set_new(plugin->values, options[i].name, value);
    }
    return JM_OK;
}

/* JM_OK, JM_ENOENT (not declared), JM_EINVAL (another type). */
static jm_status find(const jm_host *host, const char *name, json_t **value_out)
{
    *value_out = json_object_get(fake_plugin_of(host)->values, name);
    return *value_out == NULL ? JM_ENOENT : JM_OK;
}

static jm_status get_bool(const jm_host *host, const char *name, int32_t *value_out)
{
    json_t *value;
    jm_status status = find(host, name, &value);
    if (status == JM_OK && !json_is_boolean(value))
        status = JM_EINVAL;
    if (status == JM_OK)
        *value_out = json_is_true(value);
    return status;
}

static jm_status get_int(const jm_host *host, const char *name, int64_t *value_out)
{
    json_t *value;
    jm_status status = find(host, name, &value);
    if (status == JM_OK && !json_is_integer(value))
        status = JM_EINVAL;
    if (status == JM_OK)
        *value_out = json_integer_value(value);
    return status;
}

static jm_status get_number(const jm_host *host, const char *name, double *value_out)
{
    json_t *value;
    jm_status status = find(host, name, &value);
    if (status == JM_OK && !json_is_number(value))
        status = JM_EINVAL;
    if (status == JM_OK)
        *value_out = json_number_value(value);
    return status;
}

static jm_status get_text(const jm_host *host, const char *name, jm_span *value_out)
{
    json_t *value;
    jm_status status = find(host, name, &value);
    if (status == JM_OK && !json_is_string(value))
        status = JM_EINVAL;
    if (status == JM_OK)
        *value_out = jm_span_of(json_string_value(value));
    return status;
}

static jm_status get_item(const jm_host *host, const char *name, size_t index, jm_span *value_out)
{
    json_t *value;
    jm_status status = find(host, name, &value);
    if (status == JM_OK && !json_is_array(value))
        status = JM_EINVAL;
    if (status == JM_OK && index >= json_array_size(value))
        status = JM_ENOENT;
    if (status == JM_OK)
        *value_out = jm_span_of(json_string_value(json_array_get(value, index)));
    return status;
}

static jm_span data_dir(const jm_host *host)
{
    return jm_span_of(fake_plugin_of(host)->world->data_dir);
}

void fakehost_set_data_dir(struct fakehost *host, const char *path)
{
    snprintf(host->data_dir, sizeof(host->data_dir), "%s", path);
}

const jm_host_config fake_config_table = {
    .size = sizeof(jm_host_config),
    .declare = declare,
    .get_bool = get_bool,
    .get_int = get_int,
    .get_number = get_number,
    .get_text = get_text,
    .get_item = get_item,
    .data_dir = data_dir,
};
