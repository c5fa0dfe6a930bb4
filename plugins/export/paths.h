/* Paths that are promised to jobs that have not ended: no two jobs ever get the same one. [any]
 *
 * Other processes are kept away by the file system: a finished file gets its name only where the
 * name is free (output_files.h). */
#ifndef EXPORT_PATHS_H
#define EXPORT_PATHS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct export_promise;

struct export_paths {
    pthread_mutex_t lock;
    struct export_promise *first;
};

void export_paths_init(struct export_paths *paths);
void export_paths_fini(struct export_paths *paths);

/* Promise the path to the job. False where another job has it, or when out of memory. */
bool export_paths_take(struct export_paths *paths, const char *path, const char *job);
/* What was promised to the job is free again. */
void export_paths_give(struct export_paths *paths, const char *job);

#endif
