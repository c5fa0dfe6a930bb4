/* The task on real photographs. They lie in JUNMAI_SAMPLES, by default ../shared/samples beside the
 * repository. Without them the test is skipped. */
#include "task_driver.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SKIPPED 77

static char samples[PATH_MAX - 64];

struct good {
    const char *name;
    int width, height; /* of the largest */
    const char *kind;
    int decoded; /* of raw files: 0 where the preview is large enough */
};

static const struct good good[] = {
    {"jpeg/sony_a6400_24mp.jpg", 800, 533, "jpeg", 1},
    {"jpeg/iphone13pro_p3_rot6.jpg", 600, 800, "jpeg", 1},
    {"jpeg/canon_eosrp_adobergb_r03.jpg", 800, 533, "jpeg", 1},
    {"jpeg/canon_rebelxt_adobergb_r03.jpg", 800, 533, "jpeg", 1},
    {"jpeg/canon_6d_adobergb_icc.jpg", 497, 331, "jpeg", 1},
    {"jpeg/gray_gamma22.jpg", 400, 267, "jpeg", 1},
    {"jpeg/swop_cmyk_multi_icc.jpg", 140, 140, "jpeg", 1},
    {"jpeg/apple_iphone4_gps.jpg", 800, 598, "jpeg", 1},
    {"dup/canon_hdr_NO.jpg", 600, 800, "jpeg", 1},
    {"bad/jpeg_named.heic", 500, 500, "jpeg", 1},
    {"bad/trailing_garbage.jpg", 308, 410, "jpeg", 1},
    {"bad/invalid_exif_loop.jpg", 61, 58, "jpeg", 1},
    {"heif/iphone13pro.HEIC", 600, 800, "heif", 1},
    {"heif/exiv2_sample.avif", 800, 450, "heif", 1},
    {"other/exif_gps.png", 1, 1, "png", 1},
    {"other/exiv2_bug1199.webp", 800, 533, "webp", 1},
    {"other/iptc_icc_xmp_prophoto.tif", 35, 23, "tiff", 1},
    {"other/reagan.jxl", 200, 130, "jxl", 1},
    {"raw/jpeg_named_nikon_d70s.nef", 532, 800, "jpeg", 1},
    {"raw/canon_eos_6d.dng", 800, 534, "raw", 0},
    {"raw/canon_r6_pruned.CR3", 800, 533, "raw", 0},
    {"raw/CRW_0304.CRW", 800, 595, "raw", 1},
    {"raw/kodak_dc120.KDC", 800, 600, "raw", 1},
};

static const char *const refused[] = {
    "bad/crw_truncated.CRW",  "bad/heic_truncated.HEIC", "bad/sony_truncated_15pct.jpg",
    "bad/truncated_vips.jpg", "bad/random_bytes.CR2",    "bad/lfs_pointer.jpg",
    "bad/zero.jpg",           "raw/canon_eos_6d.xmp",
};

static struct driven run(const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", samples, name);
    return driver_run_file(path);
}

static struct driven run_well(const char *name)
{
    struct driven driven = run(name);
    if (driven.status != JM_OK) {
        fail_msg("%s was refused: %d %s", name, driven.status, driven.reason);
    }
    return driven;
}

static int near(int a, int b)
{
    return a - b <= 2 && b - a <= 2;
}

static void check_good(const struct good *wanted)
{
    static const int edges[DRIVER_SIZES] = {200, 400, 800};
    struct driven driven = run_well(wanted->name);
    const char *kind = json_string_value(json_object_get(driven.result, "kind"));
    int decoded = json_is_true(json_object_get(driven.result, "decoded"));
    VipsImage *large = driven.pictures[DRIVER_SIZES - 1];
    if (strcmp(kind, wanted->kind) != 0 || decoded != wanted->decoded ||
        !near(large->Xsize, wanted->width) || !near(large->Ysize, wanted->height)) {
        fail_msg("%s: %dx%d, %s, decoded %d, not %dx%d, %s, %d", wanted->name, large->Xsize,
                 large->Ysize, kind, decoded, wanted->width, wanted->height, wanted->kind,
                 wanted->decoded);
    }
    for (int i = 0; i < DRIVER_SIZES; i++) {
        VipsImage *picture = driven.pictures[i];
        int edge = picture->Xsize > picture->Ysize ? picture->Xsize : picture->Ysize;
        int whole = large->Xsize > large->Ysize ? large->Xsize : large->Ysize;
        assert_int_equal(edge, whole < edges[i] ? whole : edges[i]);
        assert_int_equal(picture->Bands, 3);
        assert_int_equal(vips_image_get_typeof(picture, VIPS_META_EXIF_NAME), 0);
    }
    driven_fini(&driven);
}

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        check_good(&good[i]);
    }
}

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct driven driven = run(refused[i]);
        if (driven.status != JM_EINVAL && driven.status != JM_EUNSUPPORTED) {
            fail_msg("%s was answered with %d %s", refused[i], driven.status, driven.reason);
        }
        assert_true(driven.reason[0] != '\0');
        driven_fini(&driven);
    }
}

/* One scene in all orientations: upright they are the same picture. Those on their side were made
 * from a smaller one, so all are brought to one size. */
static void test_orientations(void **state)
{
    (void)state;
    struct driven first = run_well("orientation/rot_1.jpg");
    for (int i = 2; i <= 8; i++) {
        char name[64];
        snprintf(name, sizeof name, "orientation/rot_%d.jpg", i);
        struct driven other = run_well(name);
        VipsImage *small = NULL;
        VipsImage *same = NULL;
        VipsImage *turned = NULL;
        assert_int_equal(vips_thumbnail_image(first.pictures[0], &small, 140, "height", 190, "size",
                                              VIPS_SIZE_FORCE, NULL),
                         0);
        assert_int_equal(vips_thumbnail_image(other.pictures[0], &same, 140, "height", 190, "size",
                                              VIPS_SIZE_FORCE, NULL),
                         0);
        assert_int_equal(vips_rot180(same, &turned, NULL), 0);
        if (driver_difference(small, same) > 12 || driver_difference(small, turned) < 24) {
            fail_msg("rot_%d differs by %.1f; upside down by %.1f", i,
                     driver_difference(small, same), driver_difference(small, turned));
        }
        g_object_unref(small);
        g_object_unref(same);
        g_object_unref(turned);
        driven_fini(&other);
    }
    driven_fini(&first);
}

/* Its HEIC and its JPEG are two shots of one moment: turned alike. The HEIC says "turn" twice. */
static void test_heic_turned_once(void **state)
{
    (void)state;
    struct driven heic = run_well("heif/iphone13pro.HEIC");
    struct driven jpeg = run_well("jpeg/iphone13pro_p3_rot6.jpg");
    assert_int_equal(heic.pictures[0]->Xsize, jpeg.pictures[0]->Xsize);
    assert_int_equal(heic.pictures[0]->Ysize, jpeg.pictures[0]->Ysize);
    driven_fini(&heic);
    driven_fini(&jpeg);
}

/* The mean chroma of a picture: how far its channels are apart. */
static double chroma(VipsImage *image)
{
    VipsImage *lch = NULL;
    VipsImage *c = NULL;
    double mean = 0;
    assert_int_equal(vips_colourspace(image, &lch, VIPS_INTERPRETATION_LCH, NULL), 0);
    assert_int_equal(vips_extract_band(lch, &c, 1, NULL), 0);
    assert_int_equal(vips_avg(c, &mean, NULL), 0);
    g_object_unref(lch);
    g_object_unref(c);
    return mean;
}

/* Adobe RGB taken for sRGB is pale. */
static void check_adobe(const char *name)
{
    char path[PATH_MAX];
    VipsImage *naive = NULL;
    snprintf(path, sizeof path, "%s/%s", samples, name);
    VipsSource *source = vips_source_new_from_file(path);
    assert_int_equal(vips_jpegload_source(source, &naive, NULL), 0);
    VipsImage *small = NULL;
    assert_int_equal(vips_thumbnail_image(naive, &small, 200, "height", 200, NULL), 0);
    struct driven driven = run_well(name);
    if (chroma(driven.pictures[0]) < chroma(small) * 1.05) {
        fail_msg("%s: chroma %.2f, and %.2f where it is taken for sRGB", name,
                 chroma(driven.pictures[0]), chroma(small));
    }
    driven_fini(&driven);
    g_object_unref(small);
    g_object_unref(naive);
    g_object_unref(source);
}

static void test_adobe_rgb(void **state)
{
    (void)state;
    check_adobe("jpeg/canon_rebelxt_adobergb_r03.jpg");
    check_adobe("jpeg/canon_eosrp_adobergb_r03.jpg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),         cmocka_unit_test(test_refused),
        cmocka_unit_test(test_orientations), cmocka_unit_test(test_heic_turned_once),
        cmocka_unit_test(test_adobe_rgb),
    };
    const char *folder = getenv("JUNMAI_SAMPLES");
    snprintf(samples, sizeof samples, "%s/dev",
             folder != NULL && folder[0] != '\0' ? folder : REPOSITORY "/../shared/samples");
    if (access(samples, R_OK) != 0) {
        printf("skipped: there are no samples in %s (JUNMAI_SAMPLES)\n", samples);
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, driver_setup, NULL);
}
