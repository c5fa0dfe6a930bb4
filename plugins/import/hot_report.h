/* The report of what comes into one hot folder in one go: it begins with the first import and ends
 * when there was none for ten times hot_settle_ms. Loop thread. */
#ifndef IMPORT_HOT_REPORT_H
#define IMPORT_HOT_REPORT_H

#include "one_import.h"
#include "report.h"

struct hot_report {
    char id[REPORT_ID_BYTES]; /* "": none is open */
    struct report_counts counts;
    size_t running;    /* imports */
    uint64_t quiet_ms; /* since when there is none */
};

/* An import begins; the id that it takes, NULL where no report could be begun. */
const char *hot_report_enter(struct hot_report *report, const struct import_core *core);

/* It has ended. */
void hot_report_leave(struct hot_report *report, const struct import_outcome *outcome,
                      uint64_t now_ms);

/* When it is over unless something comes; UINT64_MAX: not yet to be told. */
uint64_t hot_report_due(const struct hot_report *report, const struct import_core *core);

/* End it where one is open. One whose imports still run was cut off: it is left as it is. */
void hot_report_end(struct hot_report *report, const struct import_core *core);

#endif
