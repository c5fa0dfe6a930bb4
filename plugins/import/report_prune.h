/* How long reports stay: option reports_keep_days. What is said about the copies of a photograph that
 * was imported outlives its report; what is left of a report is what was refused or was there before. */
#ifndef IMPORT_REPORT_PRUNE_H
#define IMPORT_REPORT_PRUNE_H

#include "core.h"

/* Remove old reports now, and once a day. Nothing to do where they are kept for ever. [loop & active] */
jm_status report_prune_start(struct import_core *core);

#endif
