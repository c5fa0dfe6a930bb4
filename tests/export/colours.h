/* An independent opinion on colours: lcms2 in floating point, over means of areas. */
#ifndef EXPORT_TESTS_COLOURS_H
#define EXPORT_TESTS_COLOURS_H

#include <stddef.h>
#include <vips/vips.h>

/* A profile's bytes; {NULL, 0}: sRGB, as lcms2 makes it. */
struct profile {
    const void *ptr;
    size_t len;
};

/* The profile that an image carries. */
struct profile colours_profile(VipsImage *image);

/* The mean CIEDE2000 between what `source`, by its profile, should have become in the profile that
 * `out` carries, and `out`. Both are cut into the same areas, whatever their sizes. `worst_out` may be
 * NULL. */
double colours_difference(VipsImage *source, struct profile profile, VipsImage *out,
                          double *worst_out);

/* The mean of one band, over a part of the image in fractions of its size. */
double colours_mean(VipsImage *image, int band, double left, double top, double right,
                    double bottom);

#endif
