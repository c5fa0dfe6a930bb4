/* The task on pictures that the test makes itself. */
#define _GNU_SOURCE
#include "task_driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* A picture whose left half is red and whose right half is blue, with a white strip at the top. */
static VipsImage *halves(int width, int height)
{
    unsigned char *pixels = calloc((size_t)width * (size_t)height, 3);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            unsigned char *at = pixels + ((size_t)y * (size_t)width + (size_t)x) * 3;
            if (y < height / 4) {
                memset(at, 255, 3);
            } else {
                at[x < width / 2 ? 0 : 2] = 255;
            }
        }
    }
    VipsImage *image = vips_image_new_from_memory_copy(pixels, (size_t)width * (size_t)height * 3,
                                                       width, height, 3, VIPS_FORMAT_UCHAR);
    free(pixels);
    assert_non_null(image);
    image->Type = VIPS_INTERPRETATION_sRGB;
    return image;
}

/* The task on the picture, saved as ".jpg", ".png", …. */
static struct driven run_as(VipsImage *image, const char *suffix)
{
    void *bytes = NULL;
    size_t len = 0;
    if (vips_image_write_to_buffer(image, suffix, &bytes, &len, NULL) != 0) {
        fail_msg("%s: %s", suffix, vips_error_buffer());
    }
    struct driven driven = driver_run_bytes(bytes, len);
    g_free(bytes);
    return driven;
}

static void expect_colour(VipsImage *image, double x, double y, double red, double green,
                          double blue)
{
    const double wanted[] = {red, green, blue};
    double got[3];
    driver_colour(image, x, y, got);
    for (int i = 0; i < 3; i++) {
        if (got[i] < wanted[i] - 40 || got[i] > wanted[i] + 40) {
            fail_msg("at %.2f, %.2f there is %.0f %.0f %.0f, not %.0f %.0f %.0f", x, y, got[0],
                     got[1], got[2], red, green, blue);
        }
    }
}

static void test_formats(void **state)
{
    static const char *const suffixes[] = {".jpg", ".png", ".webp[lossless]", ".tif"};
    VipsImage *image = halves(1000, 500);
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        struct driven driven = run_as(image, suffixes[i]);
        if (driven.status != JM_OK) {
            fail_msg("%s: %s", suffixes[i], driven.reason);
        }
        static const int widths[DRIVER_SIZES] = {200, 400, 800};
        for (int k = 0; k < DRIVER_SIZES; k++) {
            assert_int_equal(driven.pictures[k]->Xsize, widths[k]);
            assert_int_equal(driven.pictures[k]->Ysize, widths[k] / 2);
            expect_colour(driven.pictures[k], 0.25, 0.6, 255, 0, 0);
            expect_colour(driven.pictures[k], 0.75, 0.6, 0, 0, 255);
            expect_colour(driven.pictures[k], 0.5, 0.1, 255, 255, 255);
        }
        driven_fini(&driven);
    }
    g_object_unref(image);
}

/* Where the white strip, which is above in the file, is to be seen: the EXIF standard's words. */
static void test_orientations(void **state)
{
    static const struct {
        double x, y;
    } strip[9] = {{0, 0},     {0.5, 0.1}, {0.5, 0.1}, {0.5, 0.9}, {0.5, 0.9},
                  {0.1, 0.5}, {0.9, 0.5}, {0.9, 0.5}, {0.1, 0.5}};
    (void)state;
    for (int orientation = 1; orientation <= 8; orientation++) {
        VipsImage *image = halves(1600, 800);
        vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
        struct driven driven = run_as(image, ".jpg");
        assert_int_equal(driven.status, JM_OK);
        VipsImage *large = driven.pictures[2];
        assert_int_equal(large->Xsize, orientation >= 5 ? 400 : 800);
        assert_int_equal(large->Ysize, orientation >= 5 ? 800 : 400);
        expect_colour(large, strip[orientation].x, strip[orientation].y, 255, 255, 255);
        driven_fini(&driven);
        g_object_unref(image);
    }
}

static void test_small_stays_small(void **state)
{
    VipsImage *image = halves(60, 40);
    struct driven driven = run_as(image, ".png");
    (void)state;
    assert_int_equal(driven.status, JM_OK);
    for (int i = 0; i < DRIVER_SIZES; i++) {
        assert_int_equal(driven.pictures[i]->Xsize, 60);
        assert_int_equal(driven.pictures[i]->Ysize, 40);
    }
    driven_fini(&driven);
    g_object_unref(image);
}

static void test_transparent_on_white(void **state)
{
    VipsImage *image = halves(400, 400);
    VipsImage *clear = NULL;
    (void)state;
    assert_int_equal(vips_bandjoin_const1(image, &clear, 0, NULL), 0);
    struct driven driven = run_as(clear, ".png");
    assert_int_equal(driven.status, JM_OK);
    expect_colour(driven.pictures[0], 0.25, 0.6, 255, 255, 255);
    driven_fini(&driven);
    g_object_unref(clear);
    g_object_unref(image);
}

static void test_sixteen_bits_and_grey(void **state)
{
    VipsImage *image = halves(400, 400);
    VipsImage *deep = NULL;
    VipsImage *grey = NULL;
    (void)state;
    assert_int_equal(vips_colourspace(image, &deep, VIPS_INTERPRETATION_RGB16, NULL), 0);
    assert_int_equal(vips_colourspace(image, &grey, VIPS_INTERPRETATION_B_W, NULL), 0);
    struct driven driven = run_as(deep, ".png");
    assert_int_equal(driven.status, JM_OK);
    expect_colour(driven.pictures[0], 0.25, 0.6, 255, 0, 0);
    driven_fini(&driven);
    driven = run_as(grey, ".tif");
    assert_int_equal(driven.status, JM_OK);
    expect_colour(driven.pictures[0], 0.5, 0.1, 255, 255, 255);
    driven_fini(&driven);
    g_object_unref(image);
    g_object_unref(deep);
    g_object_unref(grey);
}

/* Every way to cut a file short is refused, not shown half grey. */
static void test_cut_short(void **state)
{
    static const char *const suffixes[] = {".jpg", ".png", ".webp", ".tif"};
    VipsImage *image = NULL;
    (void)state;
    assert_int_equal(vips_gaussnoise(&image, 600, 400, "mean", 128.0, NULL), 0);
    VipsImage *grey = NULL;
    assert_int_equal(vips_cast_uchar(image, &grey, NULL), 0);
    grey->Type = VIPS_INTERPRETATION_B_W;
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        void *bytes = NULL;
        size_t len = 0;
        assert_int_equal(vips_image_write_to_buffer(grey, suffixes[i], &bytes, &len, NULL), 0);
        for (size_t part = 1; part < 8; part++) {
            struct driven driven = driver_run_bytes(bytes, len * part / 8);
            if (driven.status >= 0 || driven.reason[0] == '\0') {
                fail_msg("%s cut to %zu of %zu bytes was taken", suffixes[i], len * part / 8, len);
            }
            driven_fini(&driven);
        }
        g_free(bytes);
    }
    g_object_unref(image);
    g_object_unref(grey);
}

/* Formats that libvips reads, but that nobody imports. */
static void test_foreign_formats(void **state)
{
    static const char *const texts[] = {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
        "P3\n1 1\n255\n1 2 3\n",
        "%PDF-1.4\n",
        "1,2,3\n4,5,6\n",
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct driven driven = driver_run_bytes(texts[i], strlen(texts[i]));
        assert_int_equal(driven.status, JM_EUNSUPPORTED);
        driven_fini(&driven);
    }
}

static void test_bad_requests(void **state)
{
    static const char *const requests[] = {
        "{}",
        "{\"sizes\":[]}",
        "{\"sizes\":[200,400]}",
        "{\"sizes\":[400,200,800]}",
        "{\"sizes\":[0,200,400]}",
        "{\"sizes\":[200,400,100000]}",
        "{\"sizes\":[200,400,\"800\"]}",
    };
    int fd = memfd_create("photograph", MFD_CLOEXEC);
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
        struct driven driven = driver_run_request(fd, requests[i]);
        assert_int_equal(driven.status, JM_EINVAL);
        assert_non_null(strstr(driven.reason, "sizes"));
        driven_fini(&driven);
    }
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_orientations),
        cmocka_unit_test(test_small_stays_small),
        cmocka_unit_test(test_transparent_on_white),
        cmocka_unit_test(test_sixteen_bits_and_grey),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_foreign_formats),
        cmocka_unit_test(test_bad_requests),
    };
    return cmocka_run_group_tests(tests, driver_setup, NULL);
}
