/* lcms2, without libvips' colour functions. */
#include "colours.h"

#include <lcms2.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define AREAS_MAX 24

struct profile colours_profile(VipsImage *image)
{
    struct profile profile = {NULL, 0};
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0) {
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile.ptr, &profile.len);
    }
    return profile;
}

static double value_at(const VipsImage *image, const void *pixels, int x, int y, int band)
{
    size_t at =
        ((size_t)y * (size_t)image->Xsize + (size_t)x) * (size_t)image->Bands + (size_t)band;
    return image->BandFmt == VIPS_FORMAT_USHORT ? ((const unsigned short *)pixels)[at] / 65535.0
                                                : ((const unsigned char *)pixels)[at] / 255.0;
}

static double mean(const VipsImage *image, const void *pixels, int band, const int box[4])
{
    double sum = 0;
    for (int y = box[1]; y < box[3]; y++) {
        for (int x = box[0]; x < box[2]; x++) {
            sum += value_at(image, pixels, x, y, band);
        }
    }
    return sum / ((double)(box[2] - box[0]) * (box[3] - box[1]));
}

double colours_mean(VipsImage *image, int band, double left, double top, double right,
                    double bottom)
{
    const int box[4] = {(int)(left * image->Xsize), (int)(top * image->Ysize),
                        (int)(right * image->Xsize), (int)(bottom * image->Ysize)};
    size_t len = 0;
    void *pixels = vips_image_write_to_memory(image, &len);
    assert_non_null(pixels);
    double result = mean(image, pixels, band, box);
    g_free(pixels);
    return result;
}

/* The means of `side` x `side` areas: of 0 to 1, of CMYK of 0 to 100 as lcms2 wants it. */
static double *areas_of(VipsImage *image, int side)
{
    size_t len = 0;
    void *pixels = vips_image_write_to_memory(image, &len);
    double *areas = calloc((size_t)(side * side * image->Bands), sizeof *areas);
    assert_non_null(pixels);
    assert_non_null(areas);
    for (int i = 0; i < side * side; i++) {
        int column = i % side;
        int row = i / side;
        const int box[4] = {column * image->Xsize / side, row * image->Ysize / side,
                            (column + 1) * image->Xsize / side, (row + 1) * image->Ysize / side};
        for (int band = 0; band < image->Bands; band++) {
            areas[i * image->Bands + band] =
                mean(image, pixels, band, box) * (image->Bands == 4 ? 100 : 1);
        }
    }
    g_free(pixels);
    return areas;
}

static cmsHPROFILE open_profile(struct profile profile)
{
    cmsHPROFILE handle = profile.ptr == NULL
                             ? cmsCreate_sRGBProfile()
                             : cmsOpenProfileFromMem(profile.ptr, (cmsUInt32Number)profile.len);
    assert_non_null(handle);
    return handle;
}

/* What the source's areas should be in the target, cut to what the target can show. */
static void convert(const double *areas, int count, int bands, cmsHPROFILE from, cmsHPROFILE to,
                    double *rgb_out)
{
    cmsUInt32Number format = bands == 1 ? TYPE_GRAY_DBL : bands == 3 ? TYPE_RGB_DBL : TYPE_CMYK_DBL;
    cmsHTRANSFORM transform =
        cmsCreateTransform(from, format, to, TYPE_RGB_DBL, INTENT_RELATIVE_COLORIMETRIC,
                           cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE);
    assert_non_null(transform);
    cmsDoTransform(transform, areas, rgb_out, (cmsUInt32Number)count);
    cmsDeleteTransform(transform);
    for (int i = 0; i < count * 3; i++) {
        rgb_out[i] = CLAMP(rgb_out[i], 0.0, 1.0);
    }
}

static double compare(cmsHPROFILE target, const double *a, const double *b, int count,
                      double *worst_out)
{
    cmsHPROFILE lab = cmsCreateLab4Profile(NULL);
    cmsHTRANSFORM transform = cmsCreateTransform(target, TYPE_RGB_DBL, lab, TYPE_Lab_DBL,
                                                 INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
    double sum = 0;
    double worst = 0;
    assert_non_null(transform);
    for (int i = 0; i < count; i++) {
        cmsCIELab one;
        cmsCIELab other;
        cmsDoTransform(transform, a + i * 3, &one, 1);
        cmsDoTransform(transform, b + i * 3, &other, 1);
        double difference = cmsCIE2000DeltaE(&one, &other, 1, 1, 1);
        sum += difference;
        worst = MAX(worst, difference);
    }
    cmsDeleteTransform(transform);
    cmsCloseProfile(lab);
    if (worst_out != NULL) {
        *worst_out = worst;
    }
    return sum / count;
}

double colours_difference(VipsImage *source, struct profile profile, VipsImage *out,
                          double *worst_out)
{
    assert_int_equal(out->Bands, 3);
    int side = MIN(AREAS_MAX, MIN(MIN(source->Xsize, source->Ysize), MIN(out->Xsize, out->Ysize)));
    int count = side * side;
    cmsHPROFILE from = open_profile(profile);
    cmsHPROFILE to = open_profile(colours_profile(out));
    double *wanted = calloc((size_t)count * 3, sizeof *wanted);
    double *source_areas = areas_of(source, side);
    double *out_areas = areas_of(out, side);
    assert_non_null(wanted);
    convert(source_areas, count, source->Bands, from, to, wanted);
    double difference = compare(to, wanted, out_areas, count, worst_out);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    free(wanted);
    free(source_areas);
    free(out_areas);
    return difference;
}
