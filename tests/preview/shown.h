/* Importing, and looking at thumbnails. Each of these fails the test when the answer is not what it
 * must be. */
#ifndef PREVIEW_TESTS_SHOWN_H
#define PREVIEW_TESTS_SHOWN_H

#include "ask.h"

/* Imports the file and returns the photograph's id. */
json_int_t shown_import(const struct studio *studio, const char *path);

/* "/api/photos/ID/thumbnail", with "?size=SIZE" where that is not NULL; valid until the next call. */
const char *shown_path(json_int_t photo, const char *size);

/* GET with further header lines (NULL: none), which must answer with `status`. Ended by
 * jmt_response_fini(). */
void shown_get(const struct studio *studio, int status, const char *path, const char *headers,
               struct jmt_response *response_out);

/* The thumbnail must be a JPEG of that size. */
void shown_expect(const struct studio *studio, json_int_t photo, const char *size, int width,
                  int height);

/* A number of GET /metrics. */
double shown_metric(const struct studio *studio, const char *name);

/* Waits until the metric is at least `wanted`. */
void shown_wait_metric(const struct studio *studio, const char *name, double wanted);

/* Waits until the file is there, or is gone. */
void shown_wait_file(const char *path, bool is_there);

/* Thumbnails that are in the cache, and parts that are not finished. */
int shown_files(const struct studio *studio);
int shown_parts(const struct studio *studio);

#endif
