/* The walkers: a file that is cut short anywhere is refused, one that is whole is not. */
#include "made_jpeg.h"
#include "task/structure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef bool walker(struct bytes file, struct structure *structure);

/* Walk the first `len` bytes from a block of just that size, so that a sanitizer sees any step too
 * far. */
static bool walk(walker *fn, const unsigned char *bytes, size_t len, struct structure *structure)
{
    unsigned char *copy = malloc(len + 1);
    assert_non_null(copy);
    memcpy(copy + 1, bytes, len);
    *structure = (struct structure){0};
    bool whole = fn((struct bytes){copy + 1, len}, structure);
    free(copy);
    return whole;
}

static void assert_refused_when_cut(walker *fn, const unsigned char *bytes, size_t len,
                                    size_t shortest)
{
    struct structure structure;
    assert_true(walk(fn, bytes, len, &structure));
    assert_int_equal(structure.warnings, 0);
    for (size_t cut = shortest; cut < len; cut++) {
        if (walk(fn, bytes, cut, &structure)) {
            fail_msg("cut to %zu of %zu bytes it is still taken for whole", cut, len);
        }
        assert_int_not_equal(structure.reason[0], '\0');
    }
}

static void test_jpeg(void **state)
{
    unsigned char bytes[MADE_BYTES];
    struct structure structure;
    size_t len = made_jpeg(bytes, "2024:07:19 09:14:31", 1);
    (void)state;
    assert_refused_when_cut(jpeg_walk, bytes, len, 2);
    walk(jpeg_walk, bytes, len, &structure);
    assert_int_equal(structure.width, 64);
    assert_int_equal(structure.height, 48);
}

static void test_jpeg_tail(void **state)
{
    unsigned char bytes[3 * MADE_BYTES];
    struct structure structure;
    size_t len = made_jpeg(bytes, NULL, 1);
    (void)state;
    memcpy(bytes + len, "rubbish", 7);
    assert_true(walk(jpeg_walk, bytes, len + 7, &structure));
    assert_int_equal(structure.warnings, WARN_TRAILING_GARBAGE);

    /* A second image, as in MPF, is normal, with zeros before it too; half of one is not. */
    memset(bytes + len, 0, 16);
    size_t second = made_jpeg(bytes + len + 16, NULL, 2);
    assert_true(walk(jpeg_walk, bytes, len + 16 + second, &structure));
    assert_int_equal(structure.warnings, 0);
    assert_true(walk(jpeg_walk, bytes, len + 16 + second - 5, &structure));
    assert_int_equal(structure.warnings, WARN_TRAILING_GARBAGE);

    memcpy(bytes + len,
           "\0\0\0\x18"
           "ftypmp42",
           12);
    assert_true(walk(jpeg_walk, bytes, len + 12, &structure));
    assert_int_equal(structure.warnings, 0);
}

/* An index of images (MPF) reaches over whatever a camera has put between them. */
static void test_jpeg_index(void **state)
{
    static const unsigned char index[] = "\xff\xe2\0\x48MPF\0"
                                         "II*\0\x08\0\0\0\1\0"
                                         "\x02\xb0\7\0\x20\0\0\0\x1a\0\0\0"
                                         "\0\0\0\0"
                                         "\0\0\3\x20\0\0\0\0\0\0\0\0\0\0\0\0"
                                         "\0\0\0\0\x10\0\0\0\0\1\0\0\0\0\0\0";
    unsigned char bytes[MADE_BYTES];
    unsigned char plain[MADE_BYTES];
    struct structure structure;
    size_t plain_len = made_jpeg(plain, NULL, 1);
    (void)state;
    /* The index begins at 10 and names an image of 16 bytes at 256 behind that. */
    memset(bytes, 0x55, sizeof bytes);
    memcpy(bytes, "\xff\xd8", 2);
    memcpy(bytes + 2, index, sizeof index - 1);
    bytes[5] = sizeof index - 1 - 2;
    memcpy(bytes + 2 + sizeof index - 1, plain + 2, plain_len - 2);
    assert_true(walk(jpeg_walk, bytes, 10 + 256 + 16, &structure));
    assert_int_equal(structure.warnings, 0);
    assert_true(walk(jpeg_walk, bytes, 10 + 256 + 17, &structure));
    assert_int_equal(structure.warnings, WARN_TRAILING_GARBAGE);
    assert_true(walk(jpeg_walk, bytes, 10 + 256 + 15, &structure));
    assert_int_equal(structure.warnings & WARN_IMAGES_MISSING, WARN_IMAGES_MISSING);
}

static void test_jpeg_without_picture(void **state)
{
    static const unsigned char empty[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xD9};
    struct structure structure;
    (void)state;
    assert_false(walk(jpeg_walk, empty, sizeof empty, &structure));
    assert_non_null(strstr(structure.reason, "no picture"));
}

static void test_exif_in_circles(void **state)
{
    unsigned char bytes[MADE_BYTES];
    struct structure structure;
    size_t len = made_jpeg(bytes, "2024:07:19 09:14:31", 1);
    (void)state;
    /* EXIF begins at 12; the first directory has 6 entries, its "next" stands behind them. */
    unsigned char *next = bytes + 12 + 8 + 2 + 6 * 12;
    next[0] = 8;
    assert_true(walk(jpeg_walk, bytes, len, &structure));
    assert_int_equal(structure.warnings, WARN_EXIF_DAMAGED);
    memcpy(next, "\xff\xff\xff\x7f", 4);
    assert_true(walk(jpeg_walk, bytes, len, &structure));
    assert_int_equal(structure.warnings, WARN_EXIF_DAMAGED);
}

static void test_png(void **state)
{
    unsigned char bytes[MADE_BYTES];
    struct structure structure;
    size_t len = made_png(bytes);
    (void)state;
    assert_refused_when_cut(png_walk, bytes, len, 8);
    bytes[len] = 'x';
    assert_true(walk(png_walk, bytes, len + 1, &structure));
    assert_int_equal(structure.warnings, WARN_TRAILING_GARBAGE);
    assert_int_equal(structure.width, 1);
}

static void test_webp(void **state)
{
    static const unsigned char webp[] =
        "RIFF\x16\0\0\0WEBPVP8L\x09\0\0\0\x2f\x3f\xc0\x0b\0\0\0\0\0";
    struct structure structure;
    (void)state;
    assert_refused_when_cut(webp_walk, webp, 30, 0);
    walk(webp_walk, webp, 30, &structure);
    assert_int_equal(structure.width, 64);
    assert_int_equal(structure.height, 48);
}

static void test_boxes(void **state)
{
    static const unsigned char heif[] = "\0\0\0\x10"
                                        "ftypheic\0\0\0\0"
                                        "\0\0\0\x30"
                                        "meta\0\0\0\0"
                                        "\0\0\0\x24"
                                        "iprp\0\0\0\x1c"
                                        "ipco\0\0\0\x14"
                                        "ispe\0\0\0\0\0\0\0\x40\0\0\0\x30"
                                        "\0\0\0\x0c"
                                        "mdat\1\2\3\4";
    struct structure structure;
    (void)state;
    assert_refused_when_cut(bmff_walk, heif, sizeof heif - 1, 0);
    walk(bmff_walk, heif, sizeof heif - 1, &structure);
    assert_int_equal(structure.width, 64);
    assert_int_equal(structure.height, 48);
}

/* A little-endian TIFF: one directory at 8 (width, height, one strip of 4 bytes at 62). */
static const unsigned char tiff[] = "II*\0\x08\0\0\0\x04\0"
                                    "\0\1\3\0\1\0\0\0\x40\0\0\0"
                                    "\1\1\3\0\1\0\0\0\x30\0\0\0"
                                    "\x11\1\4\0\1\0\0\0\x3e\0\0\0"
                                    "\x17\1\4\0\1\0\0\0\4\0\0\0"
                                    "\0\0\0\0"
                                    "DATA";

static void test_tiff(void **state)
{
    unsigned char bytes[sizeof tiff];
    struct structure structure;
    (void)state;
    assert_refused_when_cut(tiff_walk, tiff, sizeof tiff - 1, 4);
    walk(tiff_walk, tiff, sizeof tiff - 1, &structure);
    assert_int_equal(structure.width, 64);
    assert_int_equal(structure.height, 48);

    /* A chain of directories that comes back to the first one ends there. */
    memcpy(bytes, tiff, sizeof tiff);
    bytes[58] = 8;
    assert_true(walk(tiff_walk, bytes, sizeof tiff - 1, &structure));
    assert_int_equal(structure.warnings, WARN_EXIF_DAMAGED);
    /* The number of entries, and of values, may be any. */
    memcpy(bytes, tiff, sizeof tiff);
    memcpy(bytes + 8, "\xff\xff", 2);
    assert_false(walk(tiff_walk, bytes, sizeof tiff - 1, &structure));
    memcpy(bytes + 8, "\0\0", 2);
    assert_false(walk(tiff_walk, bytes, sizeof tiff - 1, &structure));
    memcpy(bytes, tiff, sizeof tiff);
    memcpy(bytes + 38, "\xff\xff\xff\xff", 4);
    assert_false(walk(tiff_walk, bytes, sizeof tiff - 1, &structure));
}

static void test_crw(void **state)
{
    /* The heap from 26 on: four bytes of data, a directory of one entry, and its offset. */
    static const unsigned char crw[] = "II\x1a\0\0\0HEAPCCDR\0\0\0\0\0\0\0\0\0\0\0\0"
                                       "DATA"
                                       "\1\0"
                                       "\x05\x20\4\0\0\0\0\0\0\0"
                                       "\4\0\0\0";
    (void)state;
    assert_refused_when_cut(crw_walk, crw, sizeof crw - 1, 0);
}

static void test_formats(void **state)
{
    unsigned char bytes[MADE_BYTES];
    struct bytes jpeg = {bytes, made_jpeg(bytes, NULL, 1)};
    struct bytes tiff_file = {tiff, sizeof tiff - 1};
    struct bytes text = {(const unsigned char *)"version https://git-lfs", 23};
    (void)state;
    const struct format *format = format_detect(jpeg, (jm_span){"a.heic", 6});
    assert_string_equal(format->name, "jpeg");
    assert_true(format_name_mismatch(format, (jm_span){"a.heic", 6}));
    assert_false(format_name_mismatch(format, (jm_span){"a.JPG", 5}));
    assert_false(format_name_mismatch(format, (jm_span){"a.unknown", 9}));
    assert_false(format_name_mismatch(format, (jm_span){"jpg", 3}));
    assert_string_equal(format_detect(tiff_file, (jm_span){"a.NEF", 5})->name, "nef");
    assert_string_equal(format_detect(tiff_file, (jm_span){"a.jpg", 5})->name, "tiff");
    assert_null(format_detect(text, (jm_span){"a.jpg", 5}));
    assert_string_equal(format_companion(text, (jm_span){"a.XMP", 5}), "an XMP sidecar");
    assert_null(format_companion(jpeg, (jm_span){"a.jpg", 5}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg),
        cmocka_unit_test(test_jpeg_tail),
        cmocka_unit_test(test_jpeg_index),
        cmocka_unit_test(test_jpeg_without_picture),
        cmocka_unit_test(test_exif_in_circles),
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_webp),
        cmocka_unit_test(test_boxes),
        cmocka_unit_test(test_tiff),
        cmocka_unit_test(test_crw),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
