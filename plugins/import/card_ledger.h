/* What the store keeps of cards: the jobs, and which files are in the catalog already, so that they
 * need not be read again. [loop & (active | draining)] */
#ifndef IMPORT_CARD_LEDGER_H
#define IMPORT_CARD_LEDGER_H

#include "card_scan.h"
#include "core.h"
#include "report.h"

struct card_job {
    const char *path;
    int64_t session; /* 0: none */
    enum import_mode mode;
    size_t new_count, known_count;
};

/* The photograph that was imported from this very file; 0 where it is not remembered. */
jm_status card_ledger_find(const struct import_core *core, const struct card_file *file,
                           int64_t *photo_out);
jm_status card_ledger_put(const struct import_core *core, const struct card_file *file,
                          int64_t photo);

/* Begin a job, or go on with the one of the same card, session and mode that was cut off. */
jm_status card_ledger_begin(const struct import_core *core, const struct card_job *job,
                            int64_t *id_out);
/* The batch of the job has begun. */
jm_status card_ledger_begun(const struct import_core *core, int64_t id, const char *import_id);
/* End it: "done", or "incomplete" where a file has failed. */
jm_status card_ledger_end(const struct import_core *core, int64_t id,
                          const struct report_counts *counts);
/* JM_ENOENT where there is none. */
jm_status card_ledger_get(const struct import_core *core, int64_t id, json_t **job_out);

#endif
