/* system_subscriptions and system_tracks. */
#include "subscriptions.h"

#include <junmai/sdk/utc.h>

#define TRACKS_MAX 1000
#define COLUMNS "endpoint, keys, created_ms, user_agent"

static jm_status take_one(void *user, const jm_value *columns, size_t count)
{
    char at[JM_UTC_BYTES];
    json_t *keys = json_loadb(columns[1].bytes.ptr, columns[1].bytes.len, 0, NULL);
    (void)count;
    jm_utc_format(columns[2].integer, at);
    json_t *one =
        json_pack("{s:o, s:o, s:s, s:o}", "endpoint", jm_json_text(columns[0].bytes), "keys", keys,
                  "created_at", at, "user_agent", jm_json_text(columns[3].bytes));
    return json_array_append_new(user, one) < 0 ? JM_ENOMEM : JM_OK;
}

static jm_status find(const struct system_core *core, jm_span endpoint, json_t *found)
{
    const jm_value args[] = {JM_TEXT(endpoint)};
    return system_exec(core, "SELECT " COLUMNS " FROM system_subscriptions WHERE endpoint = ?1",
                       args, JM_COUNT(args), take_one, found);
}

static jm_status check_room(const struct system_core *core)
{
    int64_t count = 0;
    jm_status status = system_exec(core, "SELECT count(*) FROM system_subscriptions", NULL, 0,
                                   jm_row_integer, &count);
    if (status == JM_OK && count >= SUBSCRIPTIONS_MAX)
        status = system_fail(core, JM_EBUSY,
                             "there are %d subscriptions already; remove those of browsers that "
                             "are not used any more",
                             SUBSCRIPTIONS_MAX);
    return status;
}

static jm_status put(const struct system_core *core, jm_span endpoint, const json_t *keys,
                     jm_span user_agent)
{
    jm_span text = jm_json_dump(keys);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    const jm_value args[] = {JM_TEXT(endpoint), JM_TEXT(text),
                             JM_INT(core->api.clock->utc_ms(core->host)), JM_TEXT(user_agent)};
    jm_status status = system_exec(core,
                                   "INSERT INTO system_subscriptions(" COLUMNS ")"
                                   " VALUES(?1, ?2, ?3, ?4)"
                                   " ON CONFLICT(endpoint) DO UPDATE SET keys = ?2",
                                   args, JM_COUNT(args), NULL, NULL);
    free((char *)text.ptr);
    return status;
}

jm_status subscriptions_add(const struct system_core *core, jm_span endpoint, const json_t *keys,
                            jm_span user_agent, json_t **subscription_out, bool *is_new_out)
{
    json_t *found = json_array();
    jm_status status = find(core, endpoint, found);
    *is_new_out = json_array_size(found) == 0;
    if (status == JM_OK && *is_new_out)
        status = check_room(core);
    if (status == JM_OK)
        status = put(core, endpoint, keys, user_agent);
    json_array_clear(found);
    if (status == JM_OK)
        status = find(core, endpoint, found);
    if (status == JM_OK)
        *subscription_out = json_incref(json_array_get(found, 0));
    json_decref(found);
    return status;
}

jm_status subscriptions_remove(const struct system_core *core, jm_span endpoint)
{
    const jm_value args[] = {JM_TEXT(endpoint)};
    jm_exec_result result = {0};
    jm_status status =
        core->api.store->exec(core->host, "DELETE FROM system_subscriptions WHERE endpoint = ?1",
                              args, JM_COUNT(args), NULL, NULL, &result);
    return status == JM_OK && result.changes == 0 ? JM_ENOENT : status;
}

jm_status subscriptions_list(const struct system_core *core, json_t **list_out)
{
    *list_out = json_array();
    jm_status status = system_exec(core, "SELECT " COLUMNS " FROM system_subscriptions ORDER BY id",
                                   NULL, 0, take_one, *list_out);
    if (status < 0) {
        json_decref(*list_out);
        *list_out = NULL;
    }
    return status;
}

jm_status subscriptions_track(const struct system_core *core, const json_t *report)
{
    jm_span text = jm_json_dump(report);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    const jm_value args[] = {JM_INT(core->api.clock->utc_ms(core->host)), JM_TEXT(text)};
    const jm_value bound[] = {JM_INT(TRACKS_MAX)};
    jm_status status = system_exec(core, "INSERT INTO system_tracks(at_ms, report) VALUES(?1, ?2)",
                                   args, JM_COUNT(args), NULL, NULL);
    if (status == JM_OK)
        status = system_exec(core,
                             "DELETE FROM system_tracks WHERE id <="
                             " (SELECT max(id) FROM system_tracks) - ?1",
                             bound, JM_COUNT(bound), NULL, NULL);
    free((char *)text.ptr);
    return status;
}
