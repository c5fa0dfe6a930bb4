/* Photographs that the tests make, each in a temporary folder of its own. */
#ifndef EXPORT_TESTS_MADE_H
#define EXPORT_TESTS_MADE_H

#include <stddef.h>
#include <vips/vips.h>

/* A folder for the test program, removed with all that is in it by made_teardown(). After
 * rendered_setup(). */
int made_setup(void **state);
int made_teardown(void **state);

/* FOLDER/NAME, until made_teardown(). */
const char *made_path(const char *name);

/* Patches of colours that fill the cube, 8 across and 8 down: sRGB, 8 bits. */
VipsImage *made_chart(int width, int height);

/* Four quarters: red, green / blue, white. */
VipsImage *made_quarters(int width, int height);

/* A slanted edge between two greys. */
VipsImage *made_edge(int width, int height);

/* Deterministic noise, three bands: it cannot be made small. */
VipsImage *made_noise(int width, int height);

/* Write an image, which is released, as what the name's extension says; is the path. */
const char *made_file(VipsImage *image_take, const char *name);
const char *made_bytes(const void *ptr, size_t len, const char *name);

/* The bytes of a file; to free(). */
char *made_read(const char *path, size_t *len_out);

/* The profile that Debian's icc-profiles-free has for Adobe RGB, or NULL; embedded in an image. */
int made_embed_adobe(VipsImage *image);

/* JUNMAI_SAMPLES/dev/NAME, by default beside the repository; NULL where there are no samples. */
const char *made_sample(const char *name);

#endif
