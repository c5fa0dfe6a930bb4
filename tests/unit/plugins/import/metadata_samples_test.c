#define _GNU_SOURCE
/* The task `metadata` over real photographs, with exiftool as the judge.
 *
 * The folder of samples is JUNMAI_SAMPLES, by default ../shared/samples beside the repository. Where
 * it or exiftool is missing the test says so and is skipped. */
#include "task/metadata.h"
#include "task_driver.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef REPOSITORY
#error "REPOSITORY is the root of the source tree"
#endif

static char samples[4096];

/* exiftool's answer about one folder: an array of objects. */
static json_t *ask_exiftool(const char *folder)
{
    char command[8192];
    snprintf(command, sizeof command,
             "exiftool -j -q -Make -Model -EXIF:LensModel -EXIF:FocalLength# -EXIF:FNumber# "
             "-EXIF:ExposureTime -EXIF:ISO# -DateTimeOriginal -EXIF:SubSecTimeOriginal "
             "-EXIF:OffsetTimeOriginal -EXIF:Orientation# -Composite:GPSLatitude# "
             "-Composite:GPSLongitude# -File:ImageWidth# -File:ImageHeight# '%s/%s' 2>/dev/null",
             samples, folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    json_t *answers = json_loadf(pipe, 0, NULL);
    pclose(pipe);
    return answers;
}

static void compare_texts(const char *file, const json_t *facts, const char *key,
                          const json_t *judge, const char *tag)
{
    const json_t *expected = json_object_get(judge, tag);
    if (expected == NULL) {
        return;
    }
    char text[512];
    snprintf(text, sizeof text, "%s", json_string_value(expected));
    if (json_is_number(expected)) { /* exiftool prints "30" as a number */
        snprintf(text, sizeof text, "%g", json_number_value(expected));
    }
    const char *found = json_string_value(json_object_get(facts, key));
    if (found == NULL || strcmp(found, text) != 0) {
        fail_msg("%s: %s is '%s', exiftool says '%s'", file, key, found == NULL ? "-" : found,
                 text);
    }
}

static void compare_numbers(const char *file, const json_t *facts, const char *key,
                            const json_t *judge, const char *tag)
{
    const json_t *expected = json_object_get(judge, tag);
    if (!json_is_number(expected)) {
        return;
    }
    const json_t *found = json_object_get(facts, key);
    double wanted = json_number_value(expected);
    if (!json_is_number(found) || fabs(json_number_value(found) - wanted) > 1e-6 * fabs(wanted)) {
        fail_msg("%s: %s is %g, exiftool says %g", file, key, json_number_value(found), wanted);
    }
}

/* exiftool's tags as the task writes a time: UTC where a zone is known. */
static void expected_time(const json_t *judge, char time_out[64])
{
    const char *date = json_string_value(json_object_get(judge, "DateTimeOriginal"));
    const char *zone = json_string_value(json_object_get(judge, "OffsetTimeOriginal"));
    const json_t *fraction = json_object_get(judge, "SubSecTimeOriginal");
    struct tm moment = {0};
    char ms[8] = "";
    char *rest = strptime(date, "%Y:%m:%d %H:%M:%S", &moment);
    assert_non_null(rest);
    if (fraction != NULL) {
        char digits[32];
        snprintf(digits, sizeof digits, "%s000", json_string_value(fraction));
        if (json_is_integer(fraction)) {
            snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT "000",
                     json_integer_value(fraction));
        }
        snprintf(ms, sizeof ms, ".%.3s", digits);
    }
    zone = *rest != '\0' ? rest : zone;
    if (zone == NULL) {
        size_t len = strftime(time_out, 64, "%Y-%m-%dT%H:%M:%S", &moment);
        snprintf(time_out + len, 64 - len, "%s", ms);
        return;
    }
    int hours = 0;
    int minutes = 0;
    assert_int_equal(sscanf(zone + 1, "%d:%d", &hours, &minutes), 2);
    time_t utc = timegm(&moment) - (*zone == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    gmtime_r(&utc, &moment);
    size_t len = strftime(time_out, 64, "%Y-%m-%dT%H:%M:%S", &moment);
    snprintf(time_out + len, 64 - len, "%sZ", ms[0] == '\0' ? ".000" : ms);
}

static void compare_time(const char *file, const json_t *facts, const json_t *judge)
{
    if (json_object_get(judge, "DateTimeOriginal") == NULL) {
        return;
    }
    char wanted[64];
    expected_time(judge, wanted);
    const char *found = json_string_value(json_object_get(facts, "capture_time"));
    if (found == NULL || strcmp(found, wanted) != 0) {
        fail_msg("%s: capture_time is '%s', exiftool says '%s'", file, found == NULL ? "-" : found,
                 wanted);
    }
}

static void compare(const char *file, const json_t *facts, const json_t *judge)
{
    compare_texts(file, facts, "camera_make", judge, "Make");
    compare_texts(file, facts, "camera_model", judge, "Model");
    compare_texts(file, facts, "lens", judge, "LensModel");
    compare_texts(file, facts, "shutter_speed", judge, "ExposureTime");
    compare_numbers(file, facts, "focal_length", judge, "FocalLength");
    compare_numbers(file, facts, "aperture", judge, "FNumber");
    compare_numbers(file, facts, "iso", judge, "ISO");
    compare_numbers(file, facts, "orientation", judge, "Orientation");
    compare_numbers(file, facts, "gps_lat", judge, "GPSLatitude");
    compare_numbers(file, facts, "gps_lon", judge, "GPSLongitude");
    compare_numbers(file, facts, "width", judge, "ImageWidth");
    compare_numbers(file, facts, "height", judge, "ImageHeight");
    compare_time(file, facts, judge);
}

static int is_companion(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot != NULL &&
           (strcmp(dot, ".xmp") == 0 || strcmp(dot, ".AAE") == 0 || strcmp(dot, ".THM") == 0);
}

static void test_photographs_agree_with_exiftool(void **state)
{
    static const char *const folders[] = {"dates", "dup",         "heif", "jpeg",
                                          "other", "orientation", "raw",  "sidecar"};
    size_t compared = 0;
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        json_t *answers = ask_exiftool(folders[i]);
        const json_t *judge;
        size_t index;
        json_array_foreach(answers, index, judge)
        {
            const char *file = json_string_value(json_object_get(judge, "SourceFile"));
            struct task_outcome outcome = task_run_file(file);
            if (is_companion(file)) {
                assert_int_equal(outcome.status, JM_EUNSUPPORTED);
                continue;
            }
            if (outcome.status != JM_OK) {
                fail_msg("%s is refused: %s", file, outcome.reason);
            }
            compare(file, outcome.result, judge);
            assert_false(task_outcome_warns(&outcome, "trailing_garbage"));
            assert_false(task_outcome_warns(&outcome, "exif_damaged"));
            task_outcome_fini(&outcome);
            compared++;
        }
        json_decref(answers);
    }
    print_message("%zu photographs agree with exiftool\n", compared);
    assert_true(compared >= 40);
}

static void test_damaged_files(void **state)
{
    static const struct {
        const char *file;
        const char *warning; /* NULL: refused, with these words in the reason */
        const char *reason;
    } cases[] = {
        {"trailing_garbage.jpg", "trailing_garbage", NULL},
        {"jpeg_named.heic", "extension_mismatch", NULL},
        {"invalid_exif_loop.jpg", "no_exif", NULL},
        {"crw_truncated.CRW", NULL, "cut short"},
        {"heic_truncated.HEIC", NULL, "cut short"},
        {"sony_truncated_15pct.jpg", NULL, "cut short"},
        {"truncated_vips.jpg", NULL, "cut short"},
        {"lfs_pointer.jpg", NULL, "no photograph"},
        {"random_bytes.CR2", NULL, "no photograph"},
        {"zero.jpg", NULL, "empty"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[8192];
        snprintf(path, sizeof path, "%s/bad/%s", samples, cases[i].file);
        struct task_outcome outcome = task_run_file(path);
        if (cases[i].warning != NULL && !task_outcome_warns(&outcome, cases[i].warning)) {
            fail_msg("%s: no warning %s (%d, %s)", cases[i].file, cases[i].warning, outcome.status,
                     outcome.reason);
        }
        if (cases[i].reason != NULL &&
            (outcome.status >= 0 || strstr(outcome.reason, cases[i].reason) == NULL)) {
            fail_msg("%s: status %d, reason '%s'", cases[i].file, outcome.status, outcome.reason);
        }
        task_outcome_fini(&outcome);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_photographs_agree_with_exiftool),
        cmocka_unit_test(test_damaged_files),
    };
    const char *folder = getenv("JUNMAI_SAMPLES");
    snprintf(samples, sizeof samples, "%s/dev",
             folder != NULL && folder[0] != '\0' ? folder : REPOSITORY "/../shared/samples");
    if (access(samples, R_OK) != 0) {
        printf("SKIPPED: there are no sample photographs at %s (set JUNMAI_SAMPLES)\n", samples);
        return 77;
    }
    if (system("exiftool -ver >/dev/null 2>&1") != 0) {
        printf("SKIPPED: exiftool, the judge of this test, is not installed "
               "(Debian: libimage-exiftool-perl)\n");
        return 77;
    }
    if (metadata_setup() != JM_OK) {
        printf("gexiv2 does not start\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
