/* Colours: what comes out against what lcms2 says, for every kind of source and every space. */
#include "colours.h"
#include "made.h"
#include "rendered.h"

#include <lcms2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DIFFERENCE_MAX 1.5

static const char *const spaces[] = {"sRGB", "AdobeRGB", "ProPhotoRGB", "DisplayP3"};

static int setup(void **state)
{
    return rendered_setup(state) == 0 ? made_setup(state) : -1;
}

/* Render to a space, half size, and compare. */
static void check_space(const char *path, VipsImage *source, struct profile profile,
                        const char *space)
{
    char fields[160];
    snprintf(fields, sizeof fields,
             "\"format\":\"JPEG\",\"quality\":97,\"chroma\":\"444\",\"color_space\":\"%s\","
             "\"max_dimension\":%d",
             space, source->Xsize / 2);
    struct rendered rendered = rendered_one(path, fields);
    rendered_check(&rendered, path);
    VipsImage *picture = rendered_picture(&rendered, 0);
    assert_non_null(colours_profile(picture).ptr);
    double worst = 0;
    double difference = colours_difference(source, profile, picture, &worst);
    printf("    %-44s %-12s mean %.2f, worst %.2f\n", strrchr(path, '/') + 1, space, difference,
           worst);
    if (!(difference < DIFFERENCE_MAX)) {
        fail_msg("%s to %s differs by %.2f", path, space, difference);
    }
    g_object_unref(picture);
    rendered_fini(&rendered);
}

static void check_all_spaces(const char *path, struct profile profile)
{
    VipsImage *file = vips_image_new_from_file(path, NULL);
    assert_non_null(file);
    VipsImage *source = vips_image_copy_memory(file);
    g_object_unref(file);
    struct profile own = profile.ptr != NULL ? profile : colours_profile(source);
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        check_space(path, source, own, spaces[i]);
    }
    g_object_unref(source);
}

static void test_untagged(void **state)
{
    (void)state;
    check_all_spaces(made_file(made_chart(960, 640), "untagged.jpg"), (struct profile){NULL, 0});
    check_all_spaces(made_file(made_chart(960, 640), "untagged.png"), (struct profile){NULL, 0});
}

static void test_embedded(void **state)
{
    (void)state;
    VipsImage *chart = made_chart(960, 640);
    if (!made_embed_adobe(chart)) {
        g_object_unref(chart);
        skip();
    }
    check_all_spaces(made_file(chart, "adobe.jpg"), (struct profile){NULL, 0});
}

/* An sRGB photograph to sRGB is not touched at all: pure colours stay pure. */
static void test_untagged_stays(void **state)
{
    (void)state;
    const char *path = made_file(made_quarters(200, 200), "pure.png");
    struct rendered rendered = rendered_one(path, "\"format\":\"PNG\"");
    rendered_check(&rendered, path);
    VipsImage *picture = rendered_picture(&rendered, 0);
    VipsImage *source = vips_image_new_from_file(path, NULL);
    VipsImage *difference = NULL;
    double worst = 1;
    assert_int_equal(vips_subtract(source, picture, &difference, NULL), 0);
    assert_int_equal(vips_max(difference, &worst, NULL), 0);
    assert_true(worst == 0);
    assert_int_equal(vips_min(difference, &worst, NULL), 0);
    assert_true(worst == 0);
    g_object_unref(difference);
    g_object_unref(source);
    g_object_unref(picture);
    rendered_fini(&rendered);
}

/* The colorants of the profiles that are embedded, from the standards, adapted to D50. */
static void test_profiles(void **state)
{
    static const struct {
        double red_x, green_y, blue_z;
        const char *name;
    } wanted[] = {{.43607, .71685, .71410, "sRGB"},
                  {.60974, .62567, .74457, "compatible with Adobe RGB (1998)"},
                  {.79767, .71188, .82490, "compatible with ProPhoto RGB"},
                  {.51512, .69225, .78414, "Display P3"}};
    (void)state;
    const char *path = made_file(made_chart(80, 80), "tiny.png");
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        char fields[80];
        snprintf(fields, sizeof fields, "\"format\":\"TIFF\",\"color_space\":\"%s\"", spaces[i]);
        struct rendered rendered = rendered_one(path, fields);
        rendered_check(&rendered, fields);
        VipsImage *picture = rendered_picture(&rendered, 0);
        struct profile profile = colours_profile(picture);
        cmsHPROFILE handle = cmsOpenProfileFromMem(profile.ptr, (cmsUInt32Number)profile.len);
        const cmsCIEXYZ *red = cmsReadTag(handle, cmsSigRedColorantTag);
        const cmsCIEXYZ *green = cmsReadTag(handle, cmsSigGreenColorantTag);
        const cmsCIEXYZ *blue = cmsReadTag(handle, cmsSigBlueColorantTag);
        char name[80];
        cmsGetProfileInfoASCII(handle, cmsInfoDescription, "en", "US", name, sizeof name);
        assert_string_equal(name, wanted[i].name);
        assert_float_equal(red->X, wanted[i].red_x, 0.001);
        assert_float_equal(green->Y, wanted[i].green_y, 0.001);
        assert_float_equal(blue->Z, wanted[i].blue_z, 0.001);
        cmsCloseProfile(handle);
        g_object_unref(picture);
        rendered_fini(&rendered);
    }
}

/* Adobe RGB pixels whose only sign is InteropIndex: libexif writes what the image's field says. */
static void test_interop_index(void **state)
{
    (void)state;
    VipsImage *chart = made_chart(960, 640);
    VipsImage *tagged = made_chart(8, 8);
    if (!made_embed_adobe(tagged)) {
        g_object_unref(chart);
        g_object_unref(tagged);
        skip();
    }
    vips_image_set_string(chart, "exif-ifd4-InteroperabilityIndex", "R03");
    const char *path = made_file(chart, "r03.jpg");
    check_all_spaces(path, colours_profile(tagged));
    /* Taken for sRGB it would be pale. */
    VipsImage *source = vips_image_new_from_file(path, NULL);
    struct rendered rendered = rendered_one(path, "\"format\":\"JPEG\"");
    VipsImage *picture = rendered_picture(&rendered, 0);
    assert_true(colours_difference(source, (struct profile){NULL, 0}, picture, NULL) > 2);
    assert_non_null(strstr(
        json_string_value(json_object_get(json_object_get(rendered.result, "source"), "profile")),
        "Adobe RGB"));
    g_object_unref(picture);
    g_object_unref(source);
    g_object_unref(tagged);
    rendered_fini(&rendered);
}

static void test_cmyk(void **state)
{
    (void)state;
    VipsImage *chart = made_chart(960, 640);
    VipsImage *cmyk = NULL;
    assert_int_equal(vips_icc_transform(chart, &cmyk, "cmyk", "input_profile", "srgb", NULL), 0);
    g_object_unref(chart);
    check_all_spaces(made_file(cmyk, "cmyk.jpg"), (struct profile){NULL, 0});
}

/* 16 bits of grey: a ramp. */
static void test_grey16(void **state)
{
    (void)state;
    VipsImage *ramp = NULL;
    VipsImage *scaled = NULL;
    VipsImage *grey = NULL;
    VipsImage *own = NULL;
    assert_int_equal(vips_grey(&ramp, 960, 640, NULL), 0);
    assert_int_equal(vips_linear1(ramp, &scaled, 65535, 0, NULL), 0);
    assert_int_equal(vips_cast_ushort(scaled, &grey, NULL), 0);
    assert_int_equal(vips_copy(grey, &own, "interpretation", VIPS_INTERPRETATION_GREY16, NULL), 0);
    g_object_unref(ramp);
    g_object_unref(scaled);
    g_object_unref(grey);
    const char *path = made_file(own, "grey16.tif");
    struct rendered rendered = rendered_one(path, "\"format\":\"TIFF\",\"bit_depth\":16");
    rendered_check(&rendered, path);
    VipsImage *picture = rendered_picture(&rendered, 0);
    assert_int_equal(picture->Bands, 3);
    for (int i = 0; i < 10; i++) {
        double left = 0.1 * i;
        for (int band = 0; band < 3; band++) {
            double mean = colours_mean(picture, band, left, 0.2, left + 0.1, 0.8);
            assert_true(mean > left + 0.048 && mean < left + 0.052);
        }
    }
    g_object_unref(picture);
    rendered_fini(&rendered);
}

static void test_transparent(void **state)
{
    (void)state;
    VipsImage *quarters = made_quarters(200, 200);
    VipsImage *clear = NULL;
    assert_int_equal(vips_bandjoin_const1(quarters, &clear, 0, NULL), 0);
    g_object_unref(quarters);
    const char *path = made_file(clear, "clear.png");
    struct rendered rendered = rendered_one(path, "\"format\":\"JPEG\"");
    rendered_check(&rendered, path);
    VipsImage *picture = rendered_picture(&rendered, 0);
    assert_float_equal(colours_mean(picture, 1, 0.1, 0.1, 0.4, 0.4), 1.0, 0.01);
    assert_true(rendered_warns(json_object_get(rendered.result, "source"), "white"));
    g_object_unref(picture);
    rendered_fini(&rendered);
}

static void check_broken(const char *name, const void *profile, size_t len)
{
    VipsImage *chart = made_chart(960, 640);
    vips_image_set_blob_copy(chart, VIPS_META_ICC_NAME, profile, len);
    const char *path = made_file(chart, name);
    struct rendered rendered = rendered_one(path, "\"format\":\"JPEG\",\"quality\":97");
    rendered_check(&rendered, path);
    VipsImage *picture = rendered_picture(&rendered, 0);
    VipsImage *source = vips_image_new_from_file(path, NULL);
    assert_true(colours_difference(source, (struct profile){NULL, 0}, picture, NULL) <
                DIFFERENCE_MAX);
    g_object_unref(source);
    g_object_unref(picture);
    rendered_fini(&rendered);
}

/* A profile that is none, one that is cut off, and one of another kind than the pixels. */
static void test_broken_profiles(void **state)
{
    (void)state;
    char zeros[600] = {0};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 2.2);
    cmsHPROFILE grey = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsUInt32Number len = sizeof zeros;
    check_broken("zeros.jpg", zeros, sizeof zeros);
    assert_true(cmsSaveProfileToMem(grey, zeros, &len));
    check_broken("of_grey.jpg", zeros, len);
    check_broken("cut.jpg", zeros, len / 2);
    cmsCloseProfile(grey);
    cmsFreeToneCurve(curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_untagged),        cmocka_unit_test(test_embedded),
        cmocka_unit_test(test_untagged_stays),  cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_interop_index),   cmocka_unit_test(test_cmyk),
        cmocka_unit_test(test_grey16),          cmocka_unit_test(test_transparent),
        cmocka_unit_test(test_broken_profiles),
    };
    return cmocka_run_group_tests(tests, setup, made_teardown);
}
