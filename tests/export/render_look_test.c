/* What is done to the pixels on purpose: sharpening, watermarks, and raw settings do what they say. */
#include "colours.h"
#include "made.h"
#include "rendered.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int setup(void **state)
{
    return rendered_setup(state) == 0 ? made_setup(state) : -1;
}

/* The steepest step from one pixel to the next along the middle row, 0 to 1. */
static double steepest(VipsImage *picture)
{
    size_t len = 0;
    unsigned char *pixels = vips_image_write_to_memory(picture, &len);
    bool deep = picture->BandFmt == VIPS_FORMAT_USHORT;
    const unsigned short *words = (const unsigned short *)(void *)pixels;
    size_t row = (size_t)(picture->Ysize / 2) * (size_t)picture->Xsize * 3;
    double most = 0;
    for (size_t x = 0; x + 1 < (size_t)picture->Xsize; x++) {
        double one = deep ? words[row + x * 3] / 65535.0 : pixels[row + x * 3] / 255.0;
        double next = deep ? words[row + x * 3 + 3] / 65535.0 : pixels[row + x * 3 + 3] / 255.0;
        most = MAX(most, next > one ? next - one : one - next);
    }
    g_free(pixels);
    return most;
}

static VipsImage *render(const char *path, const char *fields)
{
    struct rendered rendered = rendered_one(path, fields);
    rendered_check(&rendered, fields);
    VipsImage *picture = rendered_picture(&rendered, 0);
    rendered_fini(&rendered);
    return picture;
}

static double acutance(const char *path, int amount, int bit_depth)
{
    char fields[160];
    snprintf(fields, sizeof fields,
             "\"format\":\"PNG\",\"effort\":1,\"max_dimension\":600,\"sharpen_amount\":%d,"
             "\"bit_depth\":%d",
             amount, bit_depth);
    VipsImage *picture = render(path, fields);
    double result = steepest(picture);
    /* Only the edge changes: even areas stay what they were. */
    assert_true(colours_mean(picture, 0, 0.02, 0.1, 0.2, 0.9) > 69.5 / 255);
    assert_true(colours_mean(picture, 0, 0.02, 0.1, 0.2, 0.9) < 70.5 / 255);
    assert_true(colours_mean(picture, 1, 0.8, 0.1, 0.98, 0.9) > 179.5 / 255);
    g_object_unref(picture);
    return result;
}

static void test_sharpening(void **state)
{
    (void)state;
    const char *path = made_file(made_edge(1800, 1200), "edge.png");
    for (int depth = 8; depth <= 16; depth += 8) {
        double none = acutance(path, 0, depth);
        double some = acutance(path, 40, depth);
        double most = acutance(path, 100, depth);
        printf("    %2d bits: steepest step %.3f, sharpened by 40 %.3f, by 100 %.3f\n", depth, none,
               some, most);
        assert_true(some > none * 1.08);
        assert_true(most > some * 1.08);
    }
}

/* Sharpening acts on lightness: a coloured edge keeps its hues, and borders have no seams. */
static void test_sharpening_keeps_colours(void **state)
{
    (void)state;
    VipsImage *chart = made_chart(960, 960);
    const char *path = made_file(vips_image_copy_memory(chart), "chart.png");
    VipsImage *picture =
        render(path, "\"format\":\"PNG\",\"effort\":1,\"max_dimension\":480,\"sharpen_amount\":60");
    double worst = 0;
    double mean = colours_difference(chart, (struct profile){NULL, 0}, picture, &worst);
    printf("    sharpened chart: mean %.2f, worst %.2f\n", mean, worst);
    assert_true(mean < 1.5);
    assert_true(worst < 6);
    g_object_unref(picture);
    g_object_unref(chart);
}

static VipsImage *grey(int width, int height)
{
    VipsImage *black = NULL;
    VipsImage *flat = NULL;
    VipsImage *own = NULL;
    assert_int_equal(vips_black(&black, width, height, "bands", 3, NULL), 0);
    assert_int_equal(vips_linear1(black, &flat, 1, 128, "uchar", TRUE, NULL), 0);
    assert_int_equal(vips_copy(flat, &own, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), 0);
    g_object_unref(black);
    g_object_unref(flat);
    return own;
}

/* How far a part of a picture that was all 128 is from that, at most, 0 to 1. */
static double change(VipsImage *picture, double left, double top, double right, double bottom)
{
    VipsImage *part = NULL;
    VipsImage *difference = NULL;
    VipsImage *magnitude = NULL;
    double most = 0;
    assert_int_equal(vips_extract_area(picture, &part, (int)(left * picture->Xsize),
                                       (int)(top * picture->Ysize),
                                       (int)((right - left) * picture->Xsize),
                                       (int)((bottom - top) * picture->Ysize), NULL),
                     0);
    assert_int_equal(vips_linear1(part, &difference, 1, -128, NULL), 0);
    assert_int_equal(vips_abs(difference, &magnitude, NULL), 0);
    assert_int_equal(vips_max(magnitude, &most, NULL), 0);
    g_object_unref(part);
    g_object_unref(difference);
    g_object_unref(magnitude);
    return most / 255;
}

#define MARK(rest) "\"format\":\"PNG\",\"effort\":1,\"watermark\":{\"text\":\"© A & <B>\"" rest "}"

static void test_text_lies_where_it_should(void **state)
{
    static const char *const rows[] = {"top", "center", "bottom"};
    static const char *const columns[] = {"left", "center", "right"};
    (void)state;
    const char *path = made_file(grey(900, 600), "grey.png");
    for (int cell = 0; cell < 9; cell++) {
        char fields[160];
        snprintf(fields, sizeof fields, MARK(",\"position\":\"%s_%s\",\"size\":7"), rows[cell / 3],
                 columns[cell % 3]);
        VipsImage *picture = render(path, fields);
        for (int other = 0; other < 9; other++) {
            double left = other % 3 / 3.0;
            double top = other / 3 / 3.0;
            double most = change(picture, left, top, left + 0.333, top + 0.333);
            if ((other == cell) != (most > 0.15)) {
                fail_msg("%s: cell %d has a change of %.2f", fields, other, most);
            }
        }
        g_object_unref(picture);
    }
}

static void test_text_opacity_and_size(void **state)
{
    (void)state;
    const char *path = made_file(grey(900, 600), "grey.png");
    VipsImage *faint = render(path, MARK(",\"opacity\":20,\"size\":8"));
    VipsImage *full = render(path, MARK(",\"opacity\":100,\"size\":8"));
    VipsImage *none = render(path, MARK(",\"opacity\":0,\"size\":8"));
    VipsImage *huge = render(path, MARK(",\"size\":100,\"position\":\"center\""));
    assert_true(change(full, 0, 0, 1, 1) > 0.45);
    assert_true(change(faint, 0, 0, 1, 1) > 0.05 && change(faint, 0, 0, 1, 1) < 0.2);
    assert_true(change(none, 0, 0, 1, 1) == 0);
    /* It was made narrower rather than cut. */
    assert_true(change(huge, 0, 0, 0.04, 1) == 0 && change(huge, 0.96, 0, 1, 1) == 0);
    g_object_unref(faint);
    g_object_unref(full);
    g_object_unref(none);
    g_object_unref(huge);
}

/* Turned and in another space: the text is drawn upright on the finished picture. */
static void test_text_on_turned(void **state)
{
    (void)state;
    VipsImage *image = grey(900, 600);
    vips_image_set_int(image, VIPS_META_ORIENTATION, 6);
    const char *path = made_file(image, "turned.jpg");
    VipsImage *picture =
        render(path, MARK(",\"position\":\"top_center\",\"size\":8") ",\"max_dimension\":600");
    assert_int_equal(picture->Xsize, 400);
    assert_true(change(picture, 0, 0, 1, 0.2) > 0.2);
    assert_true(change(picture, 0, 0.25, 1, 1) < 0.02);
    g_object_unref(picture);
}

/* A red square on transparent ground, half as opaque as it could be. */
static void test_image(void **state)
{
    (void)state;
    unsigned char pixels[40 * 40 * 4];
    for (int i = 0; i < 40 * 40; i++) {
        bool inside = i % 40 >= 10 && i % 40 < 30;
        const unsigned char red[4] = {255, 0, 0, inside ? 255 : 0};
        memcpy(pixels + i * 4, red, 4);
    }
    VipsImage *mark =
        vips_image_new_from_memory_copy(pixels, sizeof pixels, 40, 40, 4, VIPS_FORMAT_UCHAR);
    mark->Type = VIPS_INTERPRETATION_sRGB;
    const char *mark_path = made_file(mark, "mark.png");
    const char *path = made_file(grey(900, 600), "grey.png");
    const char *const fields[] = {
        "\"format\":\"TIFF\",\"watermark\":{\"image_fd\":3,\"size\":20,\"opacity\":50,"
        "\"position\":\"center\"}",
        "\"format\":\"TIFF\",\"bit_depth\":16,\"watermark\":{\"image_fd\":3,\"size\":20,"
        "\"opacity\":100,\"position\":\"center\"}"};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int mark_fd = open(mark_path, O_RDONLY | O_CLOEXEC);
    struct rendered rendered = rendered_many(fd, fields, 2, NULL, mark_fd);
    rendered_check(&rendered, "image");
    VipsImage *half = rendered_picture(&rendered, 0);
    VipsImage *full = rendered_picture(&rendered, 1);
    /* 120 pixels high, in the middle of 900 x 600; its outer quarters are transparent. */
    double red = colours_mean(half, 0, 0.48, 0.45, 0.52, 0.55);
    double green = colours_mean(half, 1, 0.48, 0.45, 0.52, 0.55);
    assert_true(red > 0.74 && red < 0.76 && green > 0.24 && green < 0.26);
    assert_true(colours_mean(full, 0, 0.48, 0.45, 0.52, 0.55) > 0.99);
    assert_true(colours_mean(full, 2, 0.48, 0.45, 0.52, 0.55) < 0.01);
    double beside = colours_mean(full, 1, 0.44, 0.45, 0.455, 0.55);
    assert_true(beside > 0.49 && beside < 0.51);
    g_object_unref(half);
    g_object_unref(full);
    rendered_fini(&rendered);
    close(fd);
    close(mark_fd);
}

static void test_image_that_is_none(void **state)
{
    (void)state;
    static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    const char *mark_path = made_bytes(svg, sizeof svg - 1, "mark.svg");
    const char *path = made_file(grey(90, 60), "small.png");
    const char *const fields[] = {"\"format\":\"PNG\",\"watermark\":{\"image_fd\":2}"};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int mark_fd = open(mark_path, O_RDONLY | O_CLOEXEC);
    struct rendered rendered = rendered_many(fd, fields, 1, NULL, mark_fd);
    assert_int_equal(rendered.status, JM_EUNSUPPORTED);
    assert_non_null(strstr(rendered.reason, "watermark image"));
    rendered_fini(&rendered);
    close(fd);
    close(mark_fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sharpening),
        cmocka_unit_test(test_sharpening_keeps_colours),
        cmocka_unit_test(test_text_lies_where_it_should),
        cmocka_unit_test(test_text_opacity_and_size),
        cmocka_unit_test(test_text_on_turned),
        cmocka_unit_test(test_image),
        cmocka_unit_test(test_image_that_is_none),
    };
    return cmocka_run_group_tests(tests, setup, made_teardown);
}
