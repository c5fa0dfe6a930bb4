/* Reports of hot folders. Loop thread. */
#include "hot_report.h"

#define QUIET_SETTLES 10u /* times hot_settle_ms */

const char *hot_report_enter(struct hot_report *report, const struct import_core *core)
{
    const struct report_head head = {.kind = "hotfolder", .mode = IMPORT_DEFAULT};
    if (report->id[0] == '\0') {
        *report = (struct hot_report){.id = ""};
        if (report_begin(core, &head, report->id) < 0) {
            JM_LOGF(core->log, core->host, JM_LOG_ERROR, "a report cannot be begun: %.*s",
                    JM_SPAN_ARGS(core->error->last(core->host)));
            report->id[0] = '\0';
            return NULL;
        }
    }
    report->running++;
    return report->id;
}

void hot_report_leave(struct hot_report *report, const struct import_outcome *outcome,
                      uint64_t now_ms)
{
    struct report_counts *counts = &report->counts;
    bool failed = outcome->verdict.http_status != 0;
    if (report->running == 0) { /* it began before the folder was watched anew */
        return;
    }
    report->running--;
    report->quiet_ms = now_ms;
    counts->failed += failed;
    counts->duplicates += !failed && outcome->duplicate;
    counts->imported += !failed && !outcome->duplicate;
}

uint64_t hot_report_due(const struct hot_report *report, const struct import_core *core)
{
    bool quiet = report->id[0] != '\0' && report->running == 0;
    return quiet ? report->quiet_ms + (uint64_t)core->options.hot_settle_ms * QUIET_SETTLES
                 : UINT64_MAX;
}

void hot_report_end(struct hot_report *report, const struct import_core *core)
{
    if (report->id[0] != '\0' && report->running == 0) {
        report_end(core, report->id, &report->counts);
    }
    *report = (struct hot_report){.id = ""};
}
