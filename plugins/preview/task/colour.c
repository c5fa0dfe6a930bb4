/* Profiles and bands. Worker process only. */
#include "task/colour.h"

#include <string.h>

/* Of Debian's icc-profiles-free. */
#define ADOBE_PROFILE "/usr/share/color/icc/compatibleWithAdobeRGB1998.icc"
#define INTEROP_INDEX "exif-ifd4-InteroperabilityIndex"

static char *adobe_profile;
static gsize adobe_profile_bytes;

void colour_setup(void)
{
    if (!g_file_get_contents(ADOBE_PROFILE, &adobe_profile, &adobe_profile_bytes, NULL)) {
        adobe_profile = NULL;
    }
}

bool colour_is_adobe(VipsImage *image)
{
    const char *index = NULL;
    return vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 &&
           vips_image_get_typeof(image, INTEROP_INDEX) != 0 &&
           vips_image_get_string(image, INTEROP_INDEX, &index) == 0 &&
           strncmp(index, "R03", 3) == 0;
}

void colour_set_adobe(VipsImage *image)
{
    bool is_rgb = image->Bands == 3 && image->Type == VIPS_INTERPRETATION_sRGB;
    if (adobe_profile != NULL && is_rgb && vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0) {
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, adobe_profile, adobe_profile_bytes);
    }
}

/* Replace *image by what `status` and `next` say. */
static bool step(VipsImage **image, int status, VipsImage *next)
{
    g_object_unref(*image);
    *image = status == 0 ? next : NULL;
    return status == 0;
}

VipsImage *colour_finish(VipsImage *image_take)
{
    VipsImage *image = image_take;
    VipsImage *next = NULL;
    if (vips_image_hasalpha(image)) {
        VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
        int status = vips_flatten(image, &next, "background", white, NULL);
        vips_area_unref(VIPS_AREA(white));
        if (!step(&image, status, next)) {
            return NULL;
        }
    }
    if (image->Type != VIPS_INTERPRETATION_sRGB || image->Bands != 3) {
        int status = vips_colourspace(image, &next, VIPS_INTERPRETATION_sRGB, NULL);
        if (!step(&image, status, next)) {
            return NULL;
        }
    }
    if (image->BandFmt != VIPS_FORMAT_UCHAR) {
        int status = vips_cast_uchar(image, &next, NULL);
        if (!step(&image, status, next)) {
            return NULL;
        }
    }
    return image;
}
