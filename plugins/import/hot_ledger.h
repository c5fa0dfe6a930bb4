/* What the store keeps of hot folders: which there are, whether they are watched, and what became of
 * each file. Paths are BLOBs, because a file name may be any bytes. [loop & (active | draining)] */
#ifndef IMPORT_HOT_LEDGER_H
#define IMPORT_HOT_LEDGER_H

#include "core.h"
#include "hot_settle.h"

enum hot_outcome { HOT_NONE, HOT_IMPORTED, HOT_DUPLICATE, HOT_FAILED, HOT_OUTCOMES };

struct hot_entry {
    struct hot_signature signature;
    enum hot_outcome outcome;
    int64_t photo;      /* 0: none */
    const char *reason; /* of a failure, or NULL */
};

extern const char hot_ledger_sql[]; /* the migration that makes the tables */

/* *initialized_out: whether a folder was ever added. */
jm_status hot_state_read(const struct import_core *core, bool *initialized_out, bool *running_out);
jm_status hot_state_write(const struct import_core *core, bool running);

typedef void (*hot_folder_fn)(void *user, const char *path);

/* All folders, in the order in which they were added. */
jm_status hot_folders_each(const struct import_core *core, hot_folder_fn fn, void *user);
/* JM_EEXIST when it is there. */
jm_status hot_folders_add(const struct import_core *core, const char *path);
/* JM_ENOENT when it is not. */
jm_status hot_folders_remove(const struct import_core *core, const char *path);

/* What became of the file; outcome HOT_NONE where nothing is known. `reason` is not read. */
jm_status hot_ledger_find(const struct import_core *core, const char *path,
                          struct hot_entry *entry_out);
/* The photograph that came last, since `since_ms`, from another file of the same folder and unit:
 * of the other half of a pair where `path` is one, of any photograph where it is a companion. 0:
 * none. */
jm_status hot_ledger_find_whole(const struct import_core *core, const char *path, int64_t since_ms,
                                int64_t *photo_out);
jm_status hot_ledger_put(const struct import_core *core, const char *path,
                         const struct hot_entry *entry);
/* How many files below the folder came to which end. */
jm_status hot_ledger_count(const struct import_core *core, const char *folder,
                           int64_t counts_out[HOT_OUTCOMES]);

#endif
