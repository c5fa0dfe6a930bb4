/* The import of one unit, from a path to a photograph in the catalog.
 *
 *   GATHER [worker]  judge the path, find what belongs to it, copy all into parts of the library, hash
 *                    and verify them (gather.c)
 *   CLAIM  [loop]    known content ends as a duplicate; content that another import is just bringing
 *                    waits for that one's end (one_import.c)
 *   JOIN   [loop]    a file that comes after its photograph becomes part of it (join.c)
 *   READ   [task]    is it a whole photograph, what do its tags say; are two files a pair (read.c)
 *   STAMP  [task]    put the studio's metadata into the copies (stamp_step.c)
 *   PLACE  [worker]  give all parts their final names (place.c)
 *   ADD    [loop]    add the photograph and its files to the catalog (place.c)
 *   SETTLE [worker]  once that is committed: bring the folder to the disk, back up, remove what was
 *                    moved (settle.c)
 *
 * Each import owns its struct and everything in it; one step at a time works on it. */
#ifndef IMPORT_ONE_IMPORT_H
#define IMPORT_ONE_IMPORT_H

#include "core.h"
#include "mode.h"
#include "unit.h"
#include "verdict.h"

#include <jansson.h>
#include <stdatomic.h>
#include <sys/stat.h>

/* How an import has ended; borrowed until the callback returns. */
struct import_outcome {
    struct verdict verdict; /* http_status 0: there is a photograph of this import */
    int64_t photo;          /* of the content; 0 where there is none */
    bool duplicate;         /* the content was there before */
    const char *file_name;  /* in the library, "" where there is no photograph */
    const char *final_path;
    const json_t *warnings; /* array, NULL where there is none */
    const json_t *files; /* array of {role, source_path, file_name, path}; NULL without a photograph
                               of this import */
};

/* The files that have just become part of a photograph, as they were when they were read. */
struct import_added {
    int64_t photo;
    size_t count;
    struct {
        const char *path; /* bytes */
        const struct stat *info;
    } files[UNIT_FILES_MAX];
};

/* Runs in the turn in which the photograph enters the catalog: what it writes is committed with it,
 * or taken back with it. A negative status takes it back. [loop & (active | draining)] */
typedef jm_status (*import_added_fn)(void *user, const struct import_added *added);

/* Runs exactly once for each import that was started. [loop & (active | draining)] */
typedef void (*import_done_fn)(void *user, const struct import_outcome *outcome);

struct import_request {
    const char *path;       /* as the client gave it; copied */
    int64_t session;        /* 0: none */
    bool refuse_duplicates; /* else the photograph that is there is the outcome */
    enum import_mode mode;
    bool alone;               /* without looking for the other half of a pair */
    int64_t join;             /* the photograph that it may be part of (join.c); 0: none is known */
    json_t *stamp;            /* template of metadata (stamp.h); kept by reference; NULL: none */
    const char *import_id;    /* of its report (report.h); copied; NULL: none */
    _Atomic uint64_t *copied; /* counts bytes; must live until done; may be NULL */
    import_added_fn added;    /* may be NULL */
    import_done_fn done;
    void *user;
};

/* Returns JM_OK, or a negative status with a sentence; then done never runs. [loop & active] */
jm_status import_start(struct import_core *core, const struct import_request *request);

/* How many imports are running. [loop] */
size_t import_count(const struct import_core *core);

#endif
