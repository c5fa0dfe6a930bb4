/* Photographs that the tests make: real pictures, each with a content of its own. */
#ifndef PREVIEW_TESTS_MADE_PHOTOS_H
#define PREVIEW_TESTS_MADE_PHOTOS_H

#include <stddef.h>

/* libvips, once in a test program. */
void made_setup(void);

/* Writes FOLDER/NAME, a JPEG of noise and returns the path, to free(). Noise cannot be made small, so
 * that thumbnails of it are large. */
char *made_noise(const char *folder, const char *name, int width, int height, int seed);

/* The same as a progressive JPEG, of which nothing can be left out: it takes long. */
char *made_slow(const char *folder, const char *name, int width, int height, int seed);

/* A JPEG that is all red. */
char *made_red(const char *folder, const char *name, int width, int height);

#endif
