/* The import of one file, from a path to a photograph in the catalog.
 *
 *   COPY   [worker]  judge the path, open it, copy it into a part of the library, hash it
 *   CLAIM  [loop]    known content ends as a duplicate; content that another import is just bringing
 *                    waits for that one's end
 *   READ   [task]    is it a whole photograph, what do its tags say
 *   PLACE  [loop]    take the final name, add the photograph to the catalog, in one turn
 *   COMPARE [worker] only when a name is taken: are these the same bytes, left by a crash?
 *   SYNC   [worker]  bring the folder to the disk
 *
 * Each import owns its struct and everything in it; one step at a time works on it. */
#ifndef IMPORT_ONE_IMPORT_H
#define IMPORT_ONE_IMPORT_H

#include "core.h"
#include "verdict.h"

#include <jansson.h>
#include <stdatomic.h>

/* How an import has ended; borrowed until the callback returns. */
struct import_outcome {
    struct verdict verdict; /* http_status 0: there is a photograph of this import */
    int64_t photo;          /* of the content; 0 where there is none */
    bool duplicate;         /* the content was there before */
    const char *file_name;  /* in the library, "" where there is no photograph */
    const char *final_path;
    const json_t *warnings; /* array, NULL where there is none */
};

/* Runs exactly once for each import that was started. [loop & (active | draining)] */
typedef void (*import_done_fn)(void *user, const struct import_outcome *outcome);

struct import_request {
    const char *path;         /* as the client gave it; copied */
    int64_t session;          /* 0: none */
    bool refuse_duplicates;   /* else the photograph that is there is the outcome */
    _Atomic uint64_t *copied; /* counts bytes; must live until done; may be NULL */
    import_done_fn done;
    void *user;
};

/* Returns JM_OK, or a negative status with a sentence; then done never runs. [loop & active] */
jm_status import_start(struct import_core *core, const struct import_request *request);

#endif
