/* Sizes, orientation, formats, and several outputs of one photograph. */
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

static void check_size(const char *path, const char *fields, int width, int height)
{
    struct rendered rendered = rendered_one(path, fields);
    rendered_check(&rendered, fields);
    VipsImage *picture = rendered_picture(&rendered, 0);
    const json_t *answer = rendered_answer(&rendered, 0);
    size_t len = 0;
    free(rendered_bytes(&rendered, 0, &len));
    if (picture->Xsize != width || picture->Ysize != height) {
        fail_msg("%s: %d x %d, not %d x %d", fields, picture->Xsize, picture->Ysize, width, height);
    }
    assert_int_equal(json_integer_value(json_object_get(answer, "width")), width);
    assert_int_equal(json_integer_value(json_object_get(answer, "height")), height);
    assert_int_equal(json_integer_value(json_object_get(answer, "bytes")), (json_int_t)len);
    g_object_unref(picture);
    rendered_fini(&rendered);
}

#define JPEG(rest) "\"format\":\"JPEG\"" rest
#define MODE(mode, rest) JPEG(",\"resize_mode\":\"" mode "\"," rest)

static void test_modes(void **state)
{
    (void)state;
    const char *wide = made_file(made_noise(1800, 1200), "wide.jpg");
    check_size(wide, JPEG(""), 1800, 1200);
    check_size(wide, MODE("long_edge", "\"max_dimension\":600"), 600, 400);
    check_size(wide, MODE("short_edge", "\"max_dimension\":600"), 900, 600);
    check_size(wide, MODE("width", "\"max_dimension\":700"), 700, 467);
    check_size(wide, MODE("height", "\"max_dimension\":700"), 1050, 700);
    check_size(wide, MODE("fit", "\"max_dimension\":800,\"max_height\":200"), 300, 200);
    check_size(wide, MODE("fit", "\"max_dimension\":512"), 512, 341);
}

static void test_modes_of_portraits(void **state)
{
    (void)state;
    VipsImage *image = made_noise(1800, 1200);
    vips_image_set_int(image, VIPS_META_ORIENTATION, 6);
    const char *tall = made_file(image, "tall.jpg"); /* upright: 1200 x 1800 */
    check_size(tall, JPEG(""), 1200, 1800);
    check_size(tall, MODE("long_edge", "\"max_dimension\":600"), 400, 600);
    check_size(tall, MODE("width", "\"max_dimension\":600"), 600, 900);
    check_size(tall, MODE("height", "\"max_dimension\":600"), 400, 600);
    check_size(tall, MODE("fit", "\"max_dimension\":300,\"max_height\":900"), 300, 450);
}

static void test_never_enlarges_unasked(void **state)
{
    (void)state;
    const char *small = made_file(made_noise(300, 200), "small.jpg");
    check_size(small, MODE("long_edge", "\"max_dimension\":2048"), 300, 200);
    check_size(small, MODE("short_edge", "\"max_dimension\":512"), 300, 200);
    check_size(small, MODE("long_edge", "\"max_dimension\":900,\"enlarge\":true"), 900, 600);
}

/* The decoder's shrink must not leave fewer pixels than are asked for. */
static void test_odd_sizes(void **state)
{
    (void)state;
    const char *odd = made_file(made_noise(1999, 1333), "odd.jpg");
    for (int edge = 240; edge < 1010; edge += 19) {
        char fields[96];
        snprintf(fields, sizeof fields, JPEG(",\"max_dimension\":%d"), edge);
        check_size(odd, fields, edge, (int)(1333.0 * edge / 1999.0 + 0.5));
    }
}

/* Where red, green, blue and white are, upright, when a camera that was held so wrote this number. */
static void check_quarters(VipsImage *picture, int orientation)
{
    static const double wanted[4][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}};
    for (int quarter = 0; quarter < 4; quarter++) {
        double left = quarter % 2 * 0.5 + 0.1;
        double top = quarter / 2 * 0.5 + 0.1;
        for (int band = 0; band < 3; band++) {
            double value = colours_mean(picture, band, left, top, left + 0.3, top + 0.3);
            if (value < wanted[quarter][band] - 0.08 || value > wanted[quarter][band] + 0.08) {
                fail_msg("orientation %d: quarter %d has %.2f in band %d", orientation, quarter,
                         value, band);
            }
        }
    }
}

/* What a sensor saw of an upright picture: the inverse of what each number asks for. */
static VipsImage *as_seen(VipsImage *upright, int orientation)
{
    static const struct {
        VipsAngle angle; /* undone first */
        bool flips;      /* left and right */
    } inverse[9] = {{0, false},
                    {VIPS_ANGLE_D0, false},
                    {VIPS_ANGLE_D0, true},
                    {VIPS_ANGLE_D180, false},
                    {VIPS_ANGLE_D180, true},
                    {VIPS_ANGLE_D90, true},
                    {VIPS_ANGLE_D270, false},
                    {VIPS_ANGLE_D270, true},
                    {VIPS_ANGLE_D90, false}};
    VipsImage *turned = NULL;
    VipsImage *flipped = NULL;
    assert_int_equal(vips_rot(upright, &turned, inverse[orientation].angle, NULL), 0);
    if (inverse[orientation].flips) {
        assert_int_equal(vips_flip(turned, &flipped, VIPS_DIRECTION_HORIZONTAL, NULL), 0);
        g_object_unref(turned);
        turned = flipped;
    }
    VipsImage *own = vips_image_copy_memory(turned);
    g_object_unref(turned);
    vips_image_set_int(own, VIPS_META_ORIENTATION, orientation);
    return own;
}

static void test_orientations(void **state)
{
    (void)state;
    VipsImage *upright = made_quarters(1200, 800);
    for (int orientation = 1; orientation <= 8; orientation++) {
        const char *path = made_file(as_seen(upright, orientation), "turned.jpg");
        struct rendered rendered = rendered_one(path, JPEG(",\"max_dimension\":300"));
        rendered_check(&rendered, "turned");
        VipsImage *picture = rendered_picture(&rendered, 0);
        assert_int_equal(picture->Xsize, 300);
        assert_int_equal(picture->Ysize, 200);
        assert_int_equal(vips_image_get_orientation(picture), 1);
        check_quarters(picture, orientation);
        g_object_unref(picture);
        rendered_fini(&rendered);
    }
    g_object_unref(upright);
}

static void test_depth_and_packing(void **state)
{
    static const struct {
        const char *fields;
        VipsBandFormat format;
    } cases[] = {
        {"\"format\":\"TIFF\",\"bit_depth\":16,\"compression\":\"none\"", VIPS_FORMAT_USHORT},
        {"\"format\":\"TIFF\",\"bit_depth\":16,\"compression\":\"deflate\"", VIPS_FORMAT_USHORT},
        {"\"format\":\"TIFF\",\"bit_depth\":8,\"compression\":\"lzw\"", VIPS_FORMAT_UCHAR},
        {"\"format\":\"PNG\",\"bit_depth\":16,\"effort\":1", VIPS_FORMAT_USHORT},
        {"\"format\":\"PNG\",\"progressive\":true", VIPS_FORMAT_UCHAR},
    };
    (void)state;
    VipsImage *chart = made_chart(320, 240);
    const char *path = made_file(vips_image_copy_memory(chart), "chart.tif");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rendered rendered = rendered_one(path, cases[i].fields);
        rendered_check(&rendered, cases[i].fields);
        VipsImage *picture = rendered_picture(&rendered, 0);
        assert_int_equal(picture->BandFmt, cases[i].format);
        /* Without loss: every pixel is as it was. */
        double worst = 255;
        assert_true(colours_difference(chart, (struct profile){NULL, 0}, picture, &worst) < 0.05);
        assert_true(worst < 0.3);
        g_object_unref(picture);
        rendered_fini(&rendered);
    }
    g_object_unref(chart);
}

static void test_jpeg_options(void **state)
{
    (void)state;
    const char *path = made_file(made_noise(640, 480), "noise.jpg");
    const char *const fields[] = {
        JPEG(",\"quality\":95,\"chroma\":\"444\""), JPEG(",\"quality\":95,\"chroma\":\"420\""),
        JPEG(",\"quality\":40,\"chroma\":\"420\""), JPEG(",\"quality\":40,\"progressive\":true")};
    size_t bytes[4];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct rendered rendered = rendered_many(fd, fields, 4, NULL, -1);
    rendered_check(&rendered, "options");
    for (int i = 0; i < 4; i++) {
        char *content = rendered_bytes(&rendered, i, &bytes[i]);
        /* SOF2 begins a progressive JPEG, SOF0 any other. */
        assert_true((memmem(content, bytes[i], "\xff\xc2\0\x11", 4) != NULL) == (i == 3));
        free(content);
    }
    assert_true(bytes[0] > bytes[1] && bytes[1] > 2 * bytes[2]);
    rendered_fini(&rendered);
    close(fd);
}

static void test_several(void **state)
{
    (void)state;
    static const char *const fields[] = {
        JPEG(",\"max_dimension\":512"), "\"format\":\"WEBP\",\"max_dimension\":1200",
        "\"format\":\"PNG\",\"max_dimension\":480,\"color_space\":\"DisplayP3\"",
        "\"format\":\"TIFF\",\"bit_depth\":16,\"color_space\":\"ProPhotoRGB\""};
    static const int widths[] = {341, 800, 320, 1200};
    VipsImage *chart = made_chart(1800, 1200);
    vips_image_set_int(chart, VIPS_META_ORIENTATION, 8);
    const char *path = made_file(chart, "several.jpg");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct rendered rendered = rendered_many(fd, fields, 4, NULL, -1);
    rendered_check(&rendered, "several");
    VipsImage *source = vips_image_new_from_file(path, "autorotate", TRUE, NULL);
    for (int i = 0; i < 4; i++) {
        VipsImage *picture = rendered_picture(&rendered, i);
        assert_int_equal(picture->Xsize, widths[i]);
        double difference = colours_difference(source, (struct profile){NULL, 0}, picture, NULL);
        if (difference > 1.5) {
            fail_msg("output %d differs by %.2f", i, difference);
        }
        g_object_unref(picture);
    }
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(rendered.result, "source"), "width")),
        1200);
    g_object_unref(source);
    rendered_fini(&rendered);
    close(fd);
}

static void test_one_of_several_fails(void **state)
{
    (void)state;
    static const char *const fields[] = {JPEG(",\"max_dimension\":200"), "\"format\":\"DNG\""};
    const char *path = made_file(made_noise(640, 480), "noise.jpg");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct rendered rendered = rendered_many(fd, fields, 2, NULL, -1);
    rendered_check(&rendered, "one of two");
    assert_null(json_object_get(rendered_answer(&rendered, 0), "error"));
    assert_non_null(strstr(
        json_string_value(json_object_get(rendered_answer(&rendered, 1), "error")), "no DNG"));
    rendered_fini(&rendered);
    close(fd);
}

static void test_progress_and_cancel(void **state)
{
    (void)state;
    const char *path = made_file(made_noise(4000, 3000), "large.jpg");
    struct rendered whole = rendered_one(path, JPEG(""));
    rendered_check(&whole, "large");
    assert_true(whole.progress_calls >= 5);
    rendered_fini(&whole);
    struct rendered cancelled = rendered_cancelled(path, JPEG(""), 20);
    assert_int_equal(cancelled.status, JM_ECANCELLED);
    assert_true(cancelled.percent < 90);
    rendered_fini(&cancelled);
}

static void check_refused_request(const char *path, const char *fields, const char *word)
{
    struct rendered rendered = rendered_one(path, fields);
    assert_int_equal(rendered.status, JM_EINVAL);
    if (strstr(rendered.reason, word) == NULL) {
        fail_msg("%s: \"%s\" does not name %s", fields, rendered.reason, word);
    }
    rendered_fini(&rendered);
}

static void test_requests(void **state)
{
    (void)state;
    const char *path = made_file(made_noise(64, 64), "tiny.jpg");
    check_refused_request(path, "\"quality\":80", "format");
    check_refused_request(path, "\"format\":\"BMP\"", "BMP");
    check_refused_request(path, JPEG(",\"quality\":101"), "quality");
    check_refused_request(path, JPEG(",\"quality\":\"high\""), "quality");
    check_refused_request(path, JPEG(",\"color_space\":\"CMYK\""), "CMYK");
    check_refused_request(path, JPEG(",\"keywords\":[1]"), "keywords");
    check_refused_request(path, JPEG(",\"watermark\":{\"text\":\"x\",\"position\":\"left_top\"}"),
                          "position");
    check_refused_request(path, JPEG(",\"watermark\":{\"image_fd\":9}"), "image_fd");
}

/* What is told to be there can be written, and the other way round. */
static void test_formats(void **state)
{
    static const char *const names[] = {"JPEG", "PNG", "TIFF", "WEBP", "AVIF", "JXL"};
    (void)state;
    const char *path = made_file(made_noise(64, 64), "tiny.jpg");
    struct rendered told = rendered_formats();
    rendered_check(&told, "formats");
    const json_t *list = json_object_get(told.result, "formats");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char fields[64];
        bool listed = false;
        for (size_t k = 0; k < json_array_size(list); k++) {
            listed = listed || strcmp(json_string_value(json_array_get(list, k)), names[i]) == 0;
        }
        snprintf(fields, sizeof fields, "\"format\":\"%s\"", names[i]);
        struct rendered rendered = rendered_one(path, fields);
        assert_true((rendered.status == JM_OK) == listed);
        assert_true(listed || i > 3);
        rendered_fini(&rendered);
    }
    assert_string_equal(json_string_value(json_array_get(list, json_array_size(list) - 1)), "DNG");
    rendered_fini(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_modes_of_portraits),
        cmocka_unit_test(test_never_enlarges_unasked),
        cmocka_unit_test(test_odd_sizes),
        cmocka_unit_test(test_orientations),
        cmocka_unit_test(test_depth_and_packing),
        cmocka_unit_test(test_jpeg_options),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_one_of_several_fails),
        cmocka_unit_test(test_progress_and_cancel),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, setup, made_teardown);
}
