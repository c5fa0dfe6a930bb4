/* Files of jobs that have begun, in the store: what a job that begins anew after a crash must know of
 * its earlier attempt. Loop thread. */
#ifndef EXPORT_OUTPUTS_H
#define EXPORT_OUTPUTS_H

#include "core.h"

#include <limits.h>

/* Which file an attempt has made, and what it is to become. */
struct export_record {
    bool known;
    char path[PATH_MAX];     /* the final one */
    char part[NAME_MAX + 1]; /* name beside it; "" where a client renders */
    uint64_t device, inode;
    int64_t started_ms;
};

/* `known` is false where there is none. */
jm_status export_record_find(const struct export_core *core, const char *job,
                             struct export_record *record_out);
jm_status export_record_save(const struct export_core *core, const char *job,
                             const struct export_record *record);
jm_status export_record_remove(const struct export_core *core, const char *job);

/* Promise all recorded paths to their jobs, once after a start. */
jm_status export_records_recover(struct export_core *core);

#endif
