/* system_values. */
#include "values.h"

static jm_status take_json(void *user, const jm_value *columns, size_t count)
{
    json_t **json = user;
    (void)count;
    *json = json_loadb(columns[0].bytes.ptr, columns[0].bytes.len, JSON_DECODE_ANY, NULL);
    return JM_OK;
}

json_t *values_get(const struct system_core *core, const char *name)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(name))};
    json_t *json = NULL;
    (void)system_exec(core, "SELECT json FROM system_values WHERE name = ?1", args, JM_COUNT(args),
                      take_json, &json);
    return json;
}

jm_status values_set(const struct system_core *core, const char *name, json_t *value_take)
{
    jm_span text = jm_json_dump(value_take);
    json_decref(value_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    const jm_value args[] = {JM_TEXT(jm_span_of(name)), JM_TEXT(text)};
    jm_status status =
        system_exec(core, "INSERT OR REPLACE INTO system_values(name, json) VALUES(?1, ?2)", args,
                    JM_COUNT(args), NULL, NULL);
    free((char *)text.ptr);
    return status;
}

bool values_get_switch(const struct system_core *core, const char *name, bool fallback)
{
    json_t *value = values_get(core, name);
    bool on = json_is_boolean(value) ? json_is_true(value) : fallback;
    json_decref(value);
    return on;
}
