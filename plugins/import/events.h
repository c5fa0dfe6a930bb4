/* What the plugin tells the world besides its answers. */
#ifndef IMPORT_EVENTS_H
#define IMPORT_EVENTS_H

#include "core.h"
#include "verdict.h"

/* How far a batch is. */
struct import_progress {
    const char *import_id;
    uint64_t files_done, files_total;
    uint64_t bytes_done, bytes_total;
    uint64_t elapsed_ms;
};

/* Declare import_progress. [loop & loaded] */
jm_status events_declare(const struct import_core *core);

/* Publish import_progress. [loop & active] */
void events_progress(const struct import_core *core, const struct import_progress *progress);

/* Publish error_occurred where an operator should know of the failure, and log it. `path` is what
 * was being imported. [loop & active] */
void events_trouble(const struct import_core *core, const struct verdict *verdict,
                    const char *path);

#endif
