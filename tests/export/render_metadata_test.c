/* Metadata, as exiftool reads it in what was written. Skipped where there is no exiftool. */
#include "made.h"
#include "rendered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SKIPPED 77

/* Everything that an export could lose, keep or get wrong. */
static const char arguments[] =
    "-Orientation=6 -n -Make=Maker -Model=Mark9 -ISO=400 -DateTimeOriginal='2024:05:06 07:08:09' "
    "-Artist=Ada -Copyright='old owner' -XMP-dc:Rights='old owner' -XMP-dc:Creator=Ada "
    "-IPTC:By-line=Ada -IPTC:Keywords=old -XMP-dc:Subject=old -XMP-dc:Title=Title "
    "-XMP-tiff:Orientation=6 -XMP-xmp:Rating=4 -SerialNumber=1234 "
    "-GPSLatitude=48.5 -GPSLatitudeRef=N -GPSLongitude=9.5 -GPSLongitudeRef=E -GPSAltitude=300 "
    "-XMP-exif:GPSLatitude=48.5 -XMP-exif:GPSLongitude=9.5 "
    "-XMP-iptcExt:LocationShownGPSLatitude=48.5 -XMP-drone-dji:GpsLatitude=48.5 "
    "-XMP-xmp:ThumbnailsFormat=JPEG";

static const char *const formats[] = {"JPEG", "PNG", "TIFF", "WEBP", "AVIF", "JXL"};
#define FORMATS (sizeof formats / sizeof formats[0])

static const char *photo;

static bool tag_photo(const char *path)
{
    char command[2048];
    snprintf(command, sizeof command,
             "exiftool -q -q -overwrite_original -charset iptc=utf8 %s '%s'", arguments, path);
    return system(command) == 0;
}

/* A small JPEG as its own thumbnail: stale once the photograph is smaller and upright. */
static bool add_thumbnail(const char *path, const char *small)
{
    char command[1024];
    snprintf(command, sizeof command,
             "exiftool -q -q -overwrite_original '-ThumbnailImage<=%s' '%s'", small, path);
    return system(command) == 0;
}

static int setup(void **state)
{
    if (rendered_setup(state) != 0 || made_setup(state) != 0) {
        return -1;
    }
    const char *small = made_file(made_noise(160, 120), "thumb.jpg");
    photo = made_file(made_noise(900, 600), "photo.jpg");
    return tag_photo(photo) && add_thumbnail(photo, small) ? 0 : -1;
}

static const char *text_of(const json_t *tags, const char *name)
{
    const char *text = json_string_value(json_object_get(tags, name));
    return text == NULL ? "" : text;
}

static void check_text(const json_t *tags, const char *format, const char *name, const char *wanted)
{
    if (strcmp(text_of(tags, name), wanted) != 0) {
        fail_msg("%s: %s is \"%s\", not \"%s\"", format, name, text_of(tags, name), wanted);
    }
}

static void check_words(const json_t *tags, const char *format, const char *name,
                        const char *const words[])
{
    const json_t *list = json_object_get(tags, name);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (i >= json_array_size(list) ||
            strcmp(json_string_value(json_array_get(list, i)), words[i]) != 0) {
            fail_msg("%s: %s has no \"%s\" as its word %zu", format, name, words[i], i);
        }
    }
}

/* No name of any tag may have these words; exiftool's composites say what readers make of it. */
static void check_none(const json_t *tags, const char *format, const char *words)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)tags, name, value)
    {
        char *lower = g_ascii_strdown(name, -1);
        if (strstr(lower, words) != NULL) {
            fail_msg("%s has %s", format, name);
        }
        g_free(lower);
    }
}

static json_t *render(const char *format, const char *fields, struct rendered *rendered)
{
    char all[512];
    snprintf(all, sizeof all, "\"format\":\"%s\",\"max_dimension\":300%s", format, fields);
    *rendered = rendered_one(photo, all);
    rendered_check(rendered, all);
    json_t *tags = rendered_tags(rendered, 0);
    assert_non_null(tags);
    return tags;
}

static void check_bytes_have_none(const struct rendered *rendered, const char *words)
{
    size_t len = 0;
    char *bytes = rendered_bytes(rendered, 0, &len);
    assert_null(memmem(bytes, len, words, strlen(words)));
    free(bytes);
}

static void check_pixels_described(const json_t *tags, const char *format)
{
    check_text(tags, format, "IFD0:Orientation", "Horizontal (normal)");
    check_text(tags, format, "XMP-tiff:Orientation", "");
    assert_int_equal(json_integer_value(json_object_get(tags, "ExifIFD:ExifImageWidth")), 200);
    assert_int_equal(json_integer_value(json_object_get(tags, "ExifIFD:ExifImageHeight")), 300);
    check_none(tags, format, "thumbnail");
    check_none(tags, format, "preview");
}

static void test_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct rendered rendered;
        json_t *tags = render(formats[i], "", &rendered);
        check_text(tags, formats[i], "IFD0:Make", "Maker");
        check_text(tags, formats[i], "IFD0:Model", "Mark9");
        check_text(tags, formats[i], "ExifIFD:DateTimeOriginal", "2024:05:06 07:08:09");
        assert_int_equal(json_integer_value(json_object_get(tags, "ExifIFD:ISO")), 400);
        check_text(tags, formats[i], "XMP-dc:Title", "Title");
        check_text(tags, formats[i], "XMP-dc:Rights", "old owner");
        assert_non_null(json_object_get(tags, "GPS:GPSLatitude"));
        check_pixels_described(tags, formats[i]);
        json_decref(tags);
        rendered_fini(&rendered);
    }
}

static void test_no_gps(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct rendered rendered;
        json_t *tags = render(formats[i], ",\"metadata_policy\":\"no_gps\"", &rendered);
        check_none(tags, formats[i], "gps");
        check_text(tags, formats[i], "IFD0:Model", "Mark9");
        check_text(tags, formats[i], "XMP-dc:Title", "Title");
        check_bytes_have_none(&rendered, "GPS");
        check_bytes_have_none(&rendered, "Gps");
        check_pixels_described(tags, formats[i]);
        json_decref(tags);
        rendered_fini(&rendered);
    }
}

static void test_copyright_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct rendered rendered;
        json_t *tags = render(formats[i], ",\"metadata_policy\":\"copyright\"", &rendered);
        check_text(tags, formats[i], "IFD0:Copyright", "old owner");
        check_text(tags, formats[i], "IFD0:Artist", "Ada");
        check_text(tags, formats[i], "XMP-dc:Rights", "old owner");
        check_text(tags, formats[i], "XMP-dc:Title", "");
        check_text(tags, formats[i], "IFD0:Model", "");
        check_text(tags, formats[i], "ExifIFD:DateTimeOriginal", "");
        check_none(tags, formats[i], "gps");
        check_none(tags, formats[i], "serial");
        check_pixels_described(tags, formats[i]);
        json_decref(tags);
        rendered_fini(&rendered);
    }
}

static void test_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct rendered rendered;
        json_t *tags =
            render(formats[i], ",\"metadata_policy\":\"none\",\"copyright\":\"me\"", &rendered);
        static const char *const words[] = {"gps",   "xmp-", "iptc",   "copyright", "artist",
                                            "model", "iso",  "rating", NULL};
        for (size_t k = 0; words[k] != NULL; k++) {
            /* ICC profiles have a copyright of their own. */
            json_object_del(tags, "ICC_Profile:ProfileCopyright");
            json_object_del(tags, "ICC-header:DeviceModel");
            check_none(tags, formats[i], words[k]);
        }
        check_bytes_have_none(&rendered, "old owner");
        check_bytes_have_none(&rendered, "Mark9");
        check_pixels_described(tags, formats[i]);
        json_decref(tags);
        rendered_fini(&rendered);
    }
}

static void test_added(void **state)
{
    static const char *const words[] = {"old", "新しい", NULL};
    static const char added[] =
        ",\"copyright\":\"© 2026 Müller\",\"contact\":\"studio@example.com\","
        "\"keywords\":[\"新しい\",\"old\",\"\"]";
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct rendered rendered;
        json_t *tags = render(formats[i], added, &rendered);
        check_text(tags, formats[i], "IFD0:Copyright", "© 2026 Müller");
        check_text(tags, formats[i], "XMP-dc:Rights", "© 2026 Müller");
        check_text(tags, formats[i], "XMP-iptcCore:CreatorWorkEmail", "studio@example.com");
        assert_true(json_is_true(json_object_get(tags, "XMP-xmpRights:Marked")) ||
                    strcmp(text_of(tags, "XMP-xmpRights:Marked"), "True") == 0);
        check_words(tags, formats[i], "XMP-dc:Subject", words);
        if (strcmp(formats[i], "JPEG") == 0 || strcmp(formats[i], "TIFF") == 0) {
            check_text(tags, formats[i], "IPTC:CopyrightNotice", "© 2026 Müller");
            check_text(tags, formats[i], "IPTC:Contact", "studio@example.com");
            check_words(tags, formats[i], "IPTC:Keywords", words);
        } else {
            assert_true(rendered_warns(rendered_answer(&rendered, 0), "IPTC"));
        }
        json_decref(tags);
        rendered_fini(&rendered);
    }
}

/* Exif's own word for the space must not contradict the profile. */
static void test_space(void **state)
{
    (void)state;
    struct rendered rendered;
    json_t *tags = render("JPEG", ",\"color_space\":\"AdobeRGB\"", &rendered);
    check_text(tags, "JPEG", "ExifIFD:ColorSpace", "Uncalibrated");
    check_text(tags, "JPEG", "InteropIFD:InteropIndex", "R03 - DCF option file (Adobe RGB)");
    check_text(tags, "JPEG", "ICC_Profile:ProfileDescription", "compatible with Adobe RGB (1998)");
    json_decref(tags);
    rendered_fini(&rendered);
    tags = render("JPEG", "", &rendered);
    check_text(tags, "JPEG", "ExifIFD:ColorSpace", "sRGB");
    check_text(tags, "JPEG", "ICC_Profile:ProfileDescription", "sRGB");
    json_decref(tags);
    rendered_fini(&rendered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_no_gps),
        cmocka_unit_test(test_copyright_alone),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_added),
        cmocka_unit_test(test_space),
    };
    if (system("exiftool -ver >/dev/null 2>&1") != 0) {
        printf("skipped: there is no exiftool\n");
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, setup, made_teardown);
}
