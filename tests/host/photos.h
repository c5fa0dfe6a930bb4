/*
 * Photographs that the tests write: small baseline JPEGs that every program can open, each with a
 * content of its own.
 */
#ifndef HOST_TESTS_PHOTOS_H
#define HOST_TESTS_PHOTOS_H

#include <stdbool.h>
#include <stddef.h>

/* A grey JPEG of 8 x 8 pixels with a comment, padded to `bytes` at least; to free(). */
char *photo_bytes(const char *comment, size_t bytes, size_t *count_out);

/* Writes one to FOLDER/NAME and returns the path, to free(). */
char *photo_write(const char *folder, const char *name, const char *comment);
char *photo_write_sized(const char *folder, const char *name, const char *comment, size_t bytes);

/* Writes any bytes to FOLDER/NAME and returns the path, to free(). */
char *photo_write_raw(const char *folder, const char *name, const void *bytes, size_t count);

/* Whether two files have the same bytes. */
bool photo_files_equal(const char *path, const char *other);

/* How many regular files lie below a folder; with a suffix (NULL: any). */
int photo_count_files(const char *folder, const char *suffix);

#endif
