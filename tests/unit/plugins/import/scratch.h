/* A temporary folder with files in it, removed at the end. */
#ifndef IMPORT_TESTS_SCRATCH_H
#define IMPORT_TESTS_SCRATCH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct scratch {
    char folder[PATH_MAX]; /* without links */
    char path[PATH_MAX];   /* what scratch_path() has written last */
};

void scratch_init(struct scratch *scratch);
void scratch_fini(struct scratch *scratch);

/* The path of `name` in the folder, valid until the next call. */
const char *scratch_path(struct scratch *scratch, const char *name);

void scratch_folder(struct scratch *scratch, const char *name);
void scratch_file(struct scratch *scratch, const char *name, const void *bytes, size_t len);
void scratch_link(struct scratch *scratch, const char *target, const char *name);
bool scratch_has(struct scratch *scratch, const char *name);

/* How many entries of the folder `name` begin with `prefix`. */
size_t scratch_count(struct scratch *scratch, const char *name, const char *prefix);

#endif
