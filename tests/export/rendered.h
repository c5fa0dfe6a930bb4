/* Runs the task `render` in the test's own process, as a worker would, and looks at what it wrote. */
#ifndef EXPORT_TESTS_RENDERED_H
#define EXPORT_TESTS_RENDERED_H

#include <jansson.h>
#include <junmai/task.h>
#include <stddef.h>
#include <vips/vips.h>

#define RENDERED_FDS_MAX 8

struct rendered {
    jm_status status;
    char reason[512];          /* "" unless it failed */
    json_t *result;            /* owned; NULL unless it succeeded */
    int fds[RENDERED_FDS_MAX]; /* outputs, in their order */
    int count;
    int progress_calls;
    double percent;       /* the last that was told */
    double cancel_beyond; /* percent; cancelled from there on */
};

/* Once, before all others. */
int rendered_setup(void **state);

/* One output of a file, with these fields beside its "fd": "\"format\":\"JPEG\"". */
struct rendered rendered_one(const char *path, const char *fields);

/* Several; `raw` is the value of "raw", or NULL. `mark_fd` comes after the outputs, unless it is -1. */
struct rendered rendered_many(int source_fd, const char *const fields[], int count, const char *raw,
                              int mark_fd);

/* The same, cancelled once it has told more than this. */
struct rendered rendered_cancelled(const char *path, const char *fields, double beyond_percent);

/* A request of the test's own, with descriptors of its own, which stay open. */
struct rendered rendered_raw(const int *fds, uint32_t fd_count, const char *request);

/* The task `formats`. */
struct rendered rendered_formats(void);

void rendered_fini(struct rendered *rendered);

/* Fails the test where the task failed. */
void rendered_check(const struct rendered *rendered, const char *what);

/* The written picture, decoded into memory; to unref. */
VipsImage *rendered_picture(const struct rendered *rendered, int number);

/* The bytes that were written; to free(). */
char *rendered_bytes(const struct rendered *rendered, int number, size_t *len_out);

/* What exiftool reads in it: one object with names like "XMP-dc:Rights"; to json_decref(). NULL where
 * there is no exiftool. */
json_t *rendered_tags(const struct rendered *rendered, int number);

/* Of the answer: outputs[number]. */
const json_t *rendered_answer(const struct rendered *rendered, int number);

/* Whether a warning that has these words stands in an array. */
int rendered_warns(const json_t *object, const char *words);

#endif
