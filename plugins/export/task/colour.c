/* What an image says about its colours, brought into order. Worker process only. */
#include "task/colour.h"

#include "task/profile.h"

#include <lcms2.h>

#define INTEROP_INDEX "exif-ifd4-InteroperabilityIndex"

static bool has_profile(VipsImage *image)
{
    return vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0;
}

static void set_profile(VipsImage *image, struct bytes profile)
{
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile.ptr, profile.len);
}

static int channels(VipsImage *image)
{
    return image->Bands - (vips_image_hasalpha(image) ? 1 : 0);
}

/* Whether lcms2 reads the embedded profile and it is one of a device with these channels. */
static bool is_usable(VipsImage *image, char name_out[COLOUR_NAME_BYTES])
{
    const void *ptr = NULL;
    size_t len = 0;
    if (vips_image_get_blob(image, VIPS_META_ICC_NAME, &ptr, &len) != 0 || len > UINT32_MAX) {
        return false;
    }
    cmsHPROFILE profile = cmsOpenProfileFromMem(ptr, (cmsUInt32Number)len);
    if (profile == NULL) {
        return false;
    }
    cmsColorSpaceSignature space = cmsGetColorSpace(profile);
    int wanted = channels(image);
    bool usable = (wanted == 1 && space == cmsSigGrayData) ||
                  (wanted == 3 && space == cmsSigRgbData) ||
                  (wanted == 4 && space == cmsSigCmykData);
    cmsUInt32Number written = cmsGetProfileInfoASCII(profile, cmsInfoDescription, "en", "US",
                                                     name_out, COLOUR_NAME_BYTES);
    if (written == 0) {
        g_strlcpy(name_out, "a profile without a name", COLOUR_NAME_BYTES);
    }
    /* A profile may open and still lack what a conversion needs. */
    cmsHPROFILE target = usable ? cmsCreateXYZProfile() : NULL;
    cmsUInt32Number format = (cmsUInt32Number)CHANNELS_SH(wanted) | BYTES_SH(1);
    cmsHTRANSFORM transform = target == NULL
                                  ? NULL
                                  : cmsCreateTransform(profile, format, target, TYPE_XYZ_DBL,
                                                       INTENT_RELATIVE_COLORIMETRIC, 0);
    usable = transform != NULL;
    if (transform != NULL) {
        cmsDeleteTransform(transform);
    }
    if (target != NULL) {
        cmsCloseProfile(target);
    }
    cmsCloseProfile(profile);
    return usable;
}

static void warn(json_t *warnings, const char *sentence)
{
    json_array_append_new(warnings, json_string(sentence));
}

static void choose_profile(VipsImage *image, char name_out[COLOUR_NAME_BYTES], json_t *warnings)
{
    const char *index = NULL;
    if (has_profile(image)) {
        if (is_usable(image, name_out)) {
            return;
        }
        warn(warnings,
             "the embedded colour profile is broken or of another kind than the pixels: it "
             "is ignored");
        vips_image_remove(image, VIPS_META_ICC_NAME);
    }
    if (channels(image) == 3 && vips_image_get_typeof(image, INTEROP_INDEX) != 0 &&
        vips_image_get_string(image, INTEROP_INDEX, &index) == 0 && strncmp(index, "R03", 3) == 0) {
        set_profile(image, profile_of(SPACE_ADOBE));
        g_strlcpy(name_out, "Adobe RGB (by its Exif tags)", COLOUR_NAME_BYTES);
        return;
    }
    g_strlcpy(name_out, "sRGB (assumed)", COLOUR_NAME_BYTES);
}

/* Replace *image by what `status` and `next` say. */
static bool step(VipsImage **image, int status, VipsImage *next)
{
    g_object_unref(*image);
    *image = status == 0 ? next : NULL;
    return status == 0;
}

static bool to_rgb(VipsImage **image)
{
    VipsImage *next = NULL;
    bool deep = (*image)->BandFmt != VIPS_FORMAT_UCHAR;
    VipsInterpretation space = deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
    int status = vips_colourspace(*image, &next, space, NULL);
    return step(image, status, next);
}

static bool flatten(VipsImage **image)
{
    VipsImage *next = NULL;
    bool deep = (*image)->BandFmt == VIPS_FORMAT_USHORT;
    VipsArrayDouble *white = vips_array_double_newv(1, deep ? 65535.0 : 255.0);
    int status = vips_flatten(*image, &next, "background", white, NULL);
    vips_area_unref(VIPS_AREA(white));
    return step(image, status, next);
}

/* Pixels that are neither grey nor RGB nor CMYK of 8 or 16 bits: Lab, floating point, …. */
static bool is_odd(VipsImage *image)
{
    bool plain = image->BandFmt == VIPS_FORMAT_UCHAR || image->BandFmt == VIPS_FORMAT_USHORT;
    switch (image->Type) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_CMYK:
        return !plain || image->Coding != VIPS_CODING_NONE;
    default:
        return true;
    }
}

/* Untagged CMYK has no meaning of its own: libvips brings a common one. */
static void set_common_cmyk(VipsImage *image, char name_out[COLOUR_NAME_BYTES], json_t *warnings)
{
    VipsBlob *blob = NULL;
    if (vips_profile_load("cmyk", &blob, NULL) == 0 && blob != NULL) {
        size_t len = 0;
        const void *ptr = vips_blob_get(blob, &len);
        set_profile(image, (struct bytes){ptr, len});
        vips_area_unref(VIPS_AREA(blob));
    }
    g_strlcpy(name_out, "CMYK (assumed)", COLOUR_NAME_BYTES);
    warn(warnings, "CMYK without a profile: its colours are a guess");
}

static bool arrange(VipsImage **image, char name_out[COLOUR_NAME_BYTES], json_t *warnings)
{
    if (is_odd(*image)) {
        vips_image_remove(*image, VIPS_META_ICC_NAME);
        if (!to_rgb(image)) {
            return false;
        }
    }
    choose_profile(*image, name_out, warnings);
    if (vips_image_hasalpha(*image)) {
        warn(warnings, "transparent parts become white");
        if (!flatten(image)) {
            return false;
        }
    }
    if ((*image)->Bands == 4 && !has_profile(*image)) {
        set_common_cmyk(*image, name_out, warnings);
    }
    bool needs_rgb = (*image)->Bands != 3 && !has_profile(*image);
    return !needs_rgb || to_rgb(image);
}

VipsImage *colour_prepare(VipsImage *image, char name_out[COLOUR_NAME_BYTES], json_t *warnings,
                          struct fault *fault)
{
    VipsImage *own = NULL;
    if (vips_copy(image, &own, NULL) != 0 || !arrange(&own, name_out, warnings)) {
        fault_set_vips(fault, JM_EINVAL, "the colours cannot be read");
        g_clear_object(&own);
    }
    return own;
}
