/* Reports: what was imported, and for each file whether its copy was verified. How long they stay is
 * the affair of report_prune.c.
 * [loop & (active | draining)] */
#ifndef IMPORT_REPORT_H
#define IMPORT_REPORT_H

#include "core.h"
#include "mode.h"

#include <jansson.h>

#define REPORT_ID_BYTES 24

struct report_head {
    const char *kind; /* "file", "batch", "card", "hotfolder" */
    enum import_mode mode;
    int64_t session; /* 0: none */
    size_t total;    /* that is known now */
};

struct report_counts {
    size_t imported, duplicates, failed;
};

/* The verdict on one copy of one file. */
struct report_line {
    const char *import_id;
    int64_t photo;           /* 0: none */
    const char *source;      /* text */
    const char *destination; /* text; NULL: none */
    const char *role;        /* "primary", "backup" */
    bool verified;
    const char *digest;  /* XXH3-128 of what was read; NULL or "": not known */
    const char *stamped; /* the same of the library's copy, where it was stamped; NULL: as read */
    int64_t bytes;
    const char *error; /* NULL: none */
};

/* Begin a report. */
jm_status report_begin(const struct import_core *core, const struct report_head *head,
                       char id_out[REPORT_ID_BYTES]);

/* End it. One that is never ended was cut off by a crash. */
void report_end(const struct import_core *core, const char *id, const struct report_counts *counts);

/* A failure is logged too: not every caller has somebody to tell. */
jm_status report_add_line(const struct import_core *core, const struct report_line *line);

/* The newest reports, without their verdicts. */
jm_status report_list(const struct import_core *core, int64_t limit, json_t **reports_out);

/* One report with its verdicts, oldest first; with those alone that say that something is not as it
 * should be: refused, not verified, without its backup. JM_ENOENT where there is none. */
jm_status report_get(const struct import_core *core, jm_span id, bool only_problems,
                     json_t **report_out);

/* An array of the verdicts on the copies of one photograph, which outlive their reports. */
jm_status report_of_photo(const struct import_core *core, int64_t photo, json_t **verdicts_out);

/* Reports that an earlier run has begun and not ended become "interrupted". */
jm_status report_close_old(const struct import_core *core);

#endif
