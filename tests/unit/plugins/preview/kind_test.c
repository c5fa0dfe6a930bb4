/* Which reader a file belongs to, by its bytes. */
#include "task/kind.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define KIND(literal) kind_detect((struct bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

static void test_magics(void **state)
{
    (void)state;
    assert_int_equal(KIND("\xff\xd8\xff\xe0"), KIND_JPEG);
    assert_int_equal(KIND("\x89PNG\r\n\x1a\n"), KIND_PNG);
    assert_int_equal(KIND("RIFF\0\0\0\0WEBP"), KIND_WEBP);
    assert_int_equal(KIND("\xff\x0a\x00"), KIND_JXL);
    assert_int_equal(KIND("\0\0\0\x0cJXL \r\n\x87\n"), KIND_JXL);
    assert_int_equal(KIND("II\x1a\0\0\0HEAPCCDR"), KIND_RAW);
    assert_int_equal(KIND("II*\0\x10\0\0\0CR\x02\0"), KIND_RAW);
    assert_int_equal(KIND("IIU\0"), KIND_RAW);
    assert_int_equal(KIND("IIRO"), KIND_RAW);
    assert_int_equal(KIND("FUJIFILMCCD-RAW 0201"), KIND_RAW);
}

static void test_brands(void **state)
{
    (void)state;
    assert_int_equal(KIND("\0\0\0\x14"
                          "ftypheic\0\0\0\0mif1"),
                     KIND_HEIF);
    assert_int_equal(KIND("\0\0\0\x14"
                          "ftypisom\0\0\0\0avif"),
                     KIND_HEIF);
    assert_int_equal(KIND("\0\0\0\x10"
                          "ftypcrx \0\0\0\1"),
                     KIND_RAW);
    assert_int_equal(KIND("\0\0\0\x10"
                          "ftypisom\0\0\0\0"),
                     KIND_UNKNOWN);
    assert_int_equal(KIND("\xff\xff\xff\xff"
                          "ftyp"),
                     KIND_UNKNOWN);
}

static void test_nothing(void **state)
{
    (void)state;
    assert_int_equal(KIND(""), KIND_UNKNOWN);
    assert_int_equal(KIND("\xff"), KIND_UNKNOWN);
    assert_int_equal(KIND("II*\0"), KIND_UNKNOWN);
    assert_int_equal(KIND("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), KIND_UNKNOWN);
    assert_int_equal(KIND("%PDF-1.7"), KIND_UNKNOWN);
    assert_int_equal(KIND("GIF89a"), KIND_UNKNOWN);
}

/* What the first directory of a TIFF says decides between a picture and a camera's raw file. */
static void test_tiff(void **state)
{
    (void)state;
    /* one entry: Compression = 1 */
    assert_int_equal(KIND("II*\0\x08\0\0\0"
                          "\1\0"
                          "\x03\x01\3\0\1\0\0\0\1\0\0\0"),
                     KIND_TIFF);
    assert_int_equal(KIND("MM\0*\0\0\0\x08"
                          "\0\1"
                          "\x01\x03\0\3\0\0\0\1\0\1\0\0"),
                     KIND_TIFF);
    /* NewSubfileType = 1 */
    assert_int_equal(KIND("II*\0\x08\0\0\0"
                          "\1\0"
                          "\xfe\0\4\0\1\0\0\0\1\0\0\0"),
                     KIND_RAW);
    assert_int_equal(KIND("MM\0*\0\0\0\x08"
                          "\0\1"
                          "\0\xfe\0\4\0\0\0\1\0\0\0\1"),
                     KIND_RAW);
    /* NewSubfileType = 0 */
    assert_int_equal(KIND("II*\0\x08\0\0\0"
                          "\1\0"
                          "\xfe\0\4\0\1\0\0\0\0\0\0\0"),
                     KIND_TIFF);
    /* DNGVersion */
    assert_int_equal(KIND("II*\0\x08\0\0\0"
                          "\1\0"
                          "\x12\xc6\1\0\4\0\0\0\1\4\0\0"),
                     KIND_RAW);
    /* PhotometricInterpretation = 32803 */
    assert_int_equal(KIND("II*\0\x08\0\0\0"
                          "\1\0"
                          "\x06\x01\3\0\1\0\0\0\x23\x80\0\0"),
                     KIND_RAW);
}

static void test_tiff_outside(void **state)
{
    (void)state;
    assert_int_equal(KIND("II*\0\xff\xff\xff\xff"
                          "\1\0"),
                     KIND_UNKNOWN);
    assert_int_equal(KIND("II*\0\x08\0\0\0"
                          "\xff\xff"
                          "\x03\x01\3\0\1\0\0\0\1\0\0\0"),
                     KIND_UNKNOWN);
    assert_int_equal(KIND("II*\0\x08\0\0\0"
                          "\1"),
                     KIND_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_magics),       cmocka_unit_test(test_brands),
        cmocka_unit_test(test_nothing),      cmocka_unit_test(test_tiff),
        cmocka_unit_test(test_tiff_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
