/* Photographs that the tests make themselves, byte by byte. */
#ifndef IMPORT_TESTS_MADE_JPEG_H
#define IMPORT_TESTS_MADE_JPEG_H

#include <stddef.h>

#define MADE_BYTES 2048

/* A whole JPEG of 64 x 48 pixels with the tags of a camera:
 * Make "Junmai", Model "Test 1", LensModel "TS 50mm F1.8", 1/250 s, f/2.8, ISO 400, 50 mm,
 * orientation 6, 35 deg 41' 23.11" N, 139 deg 41' 30" W, Artist in Latin-1, and the time `taken`
 * ("2024:07:19 09:14:31") with fraction 25 and zone -07:00. `taken` NULL: no tags at all. `seed` is
 * part of the picture, so that each has a content of its own. Returns its length. */
size_t made_jpeg(unsigned char out[MADE_BYTES], const char *taken, unsigned char seed);

/* The smallest whole PNG of 1 x 1 pixel. Returns its length. */
size_t made_png(unsigned char out[MADE_BYTES]);

#endif
