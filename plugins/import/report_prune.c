/* Removing old reports, a few at a time, so that no turn of the loop is long. [loop & active] */
#include "report_prune.h"

#include <junmai/sdk/store.h>

#define DAY_MS 86400000
#define FIRST_MS 100
#define NEXT_MS 50

/* Verdicts of an old report that belong to no photograph. */
static const char verdicts_sql[] =
    "DELETE FROM import_verdicts WHERE id IN (SELECT v.id FROM import_reports r"
    " JOIN import_verdicts v ON v.import_id = r.id WHERE r.started_ms < ?1"
    " AND r.status <> 'running'"
    " AND (v.photo_id IS NULL OR (v.role = 'primary' AND v.error IS NOT NULL)) LIMIT 500)";

/* Reports of which nothing is left to remove. */
static const char reports_sql[] =
    "DELETE FROM import_reports WHERE id IN (SELECT id FROM import_reports"
    " WHERE started_ms < ?1 AND status <> 'running' LIMIT 200)";

static jm_status prune_some(const struct import_core *core, int64_t *removed_out)
{
    int64_t keep_ms = (int64_t)core->options.reports_keep_days * DAY_MS;
    jm_value args[] = {JM_INT(core->clock->utc_ms(core->host) - keep_ms)};
    jm_exec_result result = {0};
    jm_status status =
        core->store->exec(core->host, verdicts_sql, args, JM_COUNT(args), NULL, NULL, &result);
    if (status == JM_OK && result.changes == 0) {
        status =
            core->store->exec(core->host, reports_sql, args, JM_COUNT(args), NULL, NULL, &result);
    }
    *removed_out = result.changes;
    return status;
}

static jm_status wait(struct import_core *core, uint64_t delay_ms);

static jm_status on_time(void *user, jm_id timer)
{
    struct import_core *core = user;
    int64_t removed = 0;
    (void)timer;
    if (prune_some(core, &removed) < 0) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING, "old reports could not be removed: %.*s",
                JM_SPAN_ARGS(core->error->last(core->host)));
        removed = 0;
    }
    return wait(core, removed > 0 ? NEXT_MS : DAY_MS);
}

static jm_status wait(struct import_core *core, uint64_t delay_ms)
{
    return core->timer->start(core->host, "remove old reports of imports", delay_ms, 0, on_time,
                              core, &core->prune_timer);
}

jm_status report_prune_start(struct import_core *core)
{
    if (core->options.reports_keep_days == 0 || core->prune_timer != 0) {
        return JM_OK;
    }
    return wait(core, FIRST_MS);
}
