/* lcms2 as a step of a libvips pipeline. Worker process only.
 *
 * vips_icc_transform() takes its target from a file; this takes it from memory, and leaves pixels alone
 * that are in their space already. */
#include "task/colour.h"
#include "task/profile.h"
#include "task/region.h"

#include <lcms2.h>

static int convert_region(VipsRegion *out, void *seq, void *a, void *b, gboolean *stop)
{
    VipsRegion *in = seq;
    cmsHTRANSFORM transform = b;
    VipsRect *area = &out->valid;
    (void)a;
    (void)stop;
    if (vips_region_prepare(in, area) != 0) {
        return -1;
    }
    for (int y = 0; y < area->height; y++) {
        cmsDoTransform(transform, region_at(in, area->left, area->top + y),
                       region_at(out, area->left, area->top + y), (cmsUInt32Number)area->width);
    }
    return 0;
}

static cmsUInt32Number pixel_format(int bands, bool deep)
{
    cmsUInt32Number space = bands == 1 ? PT_GRAY : bands == 3 ? PT_RGB : PT_CMYK;
    return COLORSPACE_SH(space) | CHANNELS_SH((cmsUInt32Number)bands) | BYTES_SH(deep ? 2u : 1u);
}

static cmsHTRANSFORM make_transform(VipsImage *image, struct bytes target, bool deep)
{
    struct bytes source = profile_of(SPACE_SRGB);
    const void *ptr = NULL;
    size_t len = 0;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0 &&
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &ptr, &len) == 0) {
        source = (struct bytes){ptr, len};
    }
    cmsHPROFILE from = cmsOpenProfileFromMem(source.ptr, (cmsUInt32Number)source.len);
    cmsHPROFILE to = cmsOpenProfileFromMem(target.ptr, (cmsUInt32Number)target.len);
    cmsHTRANSFORM transform = NULL;
    if (from != NULL && to != NULL) {
        transform = cmsCreateTransform(
            from, pixel_format(image->Bands, image->BandFmt == VIPS_FORMAT_USHORT), to,
            pixel_format(3, deep), INTENT_RELATIVE_COLORIMETRIC,
            cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE);
    }
    if (from != NULL) {
        cmsCloseProfile(from);
    }
    if (to != NULL) {
        cmsCloseProfile(to);
    }
    return transform;
}

static VipsImage *run_transform(VipsImage *image, cmsHTRANSFORM transform_take, bool deep)
{
    VipsImage *out = vips_image_new();
    g_object_set_data_full(G_OBJECT(out), "transform", transform_take, cmsDeleteTransform);
    g_object_ref(image);
    vips_object_local(out, image);
    if (vips_image_pipelinev(out, VIPS_DEMAND_STYLE_THINSTRIP, image, NULL) != 0) {
        g_object_unref(out);
        return NULL;
    }
    out->Bands = 3;
    out->BandFmt = deep ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR;
    out->Type = deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
    out->Coding = VIPS_CODING_NONE;
    if (vips_image_generate(out, vips_start_one, convert_region, vips_stop_one, image,
                            transform_take) != 0) {
        g_object_unref(out);
        return NULL;
    }
    return out;
}

VipsImage *colour_convert(VipsImage *image, enum space space, int bit_depth, struct fault *fault)
{
    bool deep = bit_depth == 16;
    struct bytes target = profile_of(space);
    bool is_there = vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 && space == SPACE_SRGB &&
                    !deep && image->BandFmt == VIPS_FORMAT_UCHAR;
    VipsImage *out = NULL;
    if (is_there) {
        vips_copy(image, &out, NULL);
    } else {
        cmsHTRANSFORM transform = make_transform(image, target, deep);
        if (transform == NULL) {
            fault_set(fault, JM_EINVAL, "the colour profile of the photograph cannot be converted");
            return NULL;
        }
        out = run_transform(image, transform, deep);
    }
    if (out == NULL) {
        fault_set_vips(fault, JM_EINVAL, "the colours cannot be converted");
        return NULL;
    }
    vips_image_set_blob_copy(out, VIPS_META_ICC_NAME, target.ptr, target.len);
    return out;
}
