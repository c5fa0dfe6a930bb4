/* The table preview_failures. */
#include "failures.h"

#include "sizes.h"

#define RETRY_MS 3600000

static jm_status take_reason(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    snprintf(user, REASON_BYTES, "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    return JM_OK;
}

bool failure_find(struct preview_core *core, const char *hash, char reason_out[REASON_BYTES])
{
    const jm_value args[] = {value_text(hash), value_int(PREVIEW_RECIPE),
                             value_int(core->clock->utc_ms(core->host))};
    reason_out[0] = '\0';
    return core->store->exec(core->host,
                             "SELECT reason FROM preview_failures WHERE hash = ?1 AND recipe = ?2"
                             " AND (retry_ms IS NULL OR retry_ms > ?3)",
                             args, JM_COUNT(args), take_reason, reason_out, NULL) == JM_OK &&
           reason_out[0] != '\0';
}

jm_status failure_add(struct preview_core *core, const char *hash, const char *reason,
                      bool for_ever)
{
    jm_value retry = value_int(core->clock->utc_ms(core->host) + RETRY_MS);
    if (for_ever) {
        retry.type = JM_VALUE_NULL;
    }
    const jm_value args[] = {value_text(hash), value_int(PREVIEW_RECIPE), value_text(reason),
                             retry};
    return core->store->exec(core->host,
                             "INSERT OR REPLACE INTO preview_failures(hash, recipe, reason,"
                             " retry_ms) VALUES(?1, ?2, ?3, ?4)",
                             args, JM_COUNT(args), NULL, NULL, NULL);
}

void failure_forget(struct preview_core *core, const char *hash)
{
    const jm_value args[] = {value_text(hash)};
    (void)core->store->exec(core->host, "DELETE FROM preview_failures WHERE hash = ?1", args, 1,
                            NULL, NULL, NULL);
}
