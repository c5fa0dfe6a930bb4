/*
 * Exports as a client asks for them and sees them. Each of these fails the test when the answer is not
 * what it must be.
 */
#ifndef EXPORT_TESTS_EXPORTED_H
#define EXPORT_TESTS_EXPORTED_H

#include "ask.h"

/* A host whose queue tries a failed job again at once; `options` (NULL: none) are the plugin's. */
void exported_open(struct studio *studio_out, json_t *options_take);

/* Makes, imports and approves a picture of noise; its id. */
json_int_t exported_photo(const struct studio *studio, const char *name, int width, int height,
                          int seed);

/* A whole preset: JPEG 85, 512 pixels, {original}, below exports/NAME, with `changes` over it. */
json_t *exported_preset(const char *name, json_t *changes_take);
/* The same, made with the host. */
void exported_make(const struct studio *studio, const char *name, json_t *changes_take);

/* Asks for exports of a photograph with one preset; the job's id, to free(). */
char *exported_ask(const struct studio *studio, json_int_t photo, const char *preset);

/* Waits until the job has ended with that status; the XJOB is the caller's. */
json_t *exported_wait(const struct studio *studio, const char *job, const char *status);

/* Waits until there is a preset of that name (as in a path); the caller's. */
json_t *exported_wait_preset(const struct studio *studio, const char *name);

/* The job's path /export/auto/job/ID + tail, valid until the next call. */
const char *exported_path(const char *job, const char *tail);

/* How many files lie below a folder of exports/ in the data directory, unfinished ones among them. */
int exported_count(const struct studio *studio, const char *folder);
/* Those that are unfinished, in the whole of exports/. */
int exported_parts(const struct studio *studio);

/* The file must be a whole JPEG of that size. */
void exported_expect_jpeg(const char *path, int width, int height);

/* Any picture, whole, of that long edge. */
void exported_expect_picture(const char *path, int long_edge);

void exported_pause(const struct studio *studio, bool paused);

#endif
