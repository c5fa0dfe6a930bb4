/*
 * Real photographs through the whole host. They lie in JUNMAI_SAMPLES, by default ../shared/samples
 * beside the repository; EXPECT.tsv there says what is in each. Without them the test is skipped.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SKIPPED 77

/* Columns of EXPECT.tsv. */
enum { FILE_NAME, READABLE, TAKEN, ORIENTATION, COLUMNS };

static struct studio studio;
static char samples[PATH_MAX];

static int open_studio(void **state)
{
    json_t *config = json_pack("{s:{s:{s:[s]}}}", "plugins", "import", "roots", samples);
    (void)state;
    studio_open(&studio, config, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(photo_count_files(studio.host.data_dir, ".part"), 0);
    studio_close(&studio);
    return 0;
}

static int import_sample(const char *name, json_t **answer_out)
{
    char *path = studio_path(samples, name);
    int status = jmt_http_json(studio.host.port, "POST", "/import/file",
                               json_pack("{s:s}", "file_path", path), answer_out);
    must(status);
    free(path);
    return status;
}

static json_t *get_photo(const json_t *answer)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)int_of(answer, "photo_id"));
    return ask(&studio, 200, "GET", path, NULL);
}

/* What belongs to a photograph without being one. */
static bool is_companion(const char *name)
{
    const char *extension = strrchr(name, '.');
    return strcasecmp(extension, ".xmp") == 0 || strcasecmp(extension, ".aae") == 0 ||
           strcasecmp(extension, ".thm") == 0;
}

static void check_metadata(char *const *columns, const json_t *photo)
{
    bool has_time = !json_is_null(json_object_get(photo, "capture_time"));
    if (strcmp(columns[TAKEN], "-") != 0 && !has_time)
        fail_msg("%s: the time it was taken, %s, is missing", columns[FILE_NAME], columns[TAKEN]);
    if (strcmp(columns[ORIENTATION], "-") != 0)
        expect_int(photo, "orientation", atoi(columns[ORIENTATION]));
    if (int_of(photo, "width") < 1 || int_of(photo, "height") < 1)
        fail_msg("%s has no size", columns[FILE_NAME]);
}

/* Of the samples some are copies of others. */
static void check_taken(char *const *columns, int status, const json_t *answer)
{
    char *path = studio_path(samples, columns[FILE_NAME]);
    json_t *photo = get_photo(answer);
    if (!photo_files_equal(path, text_of(photo, "file_path")))
        fail_msg("%s is not what was imported from %s", text_of(photo, "file_path"), path);
    if (status == 200)
        check_metadata(columns, photo);
    json_decref(photo);
    free(path);
}

static void check_sample(char *const *columns)
{
    json_t *answer;
    int status = import_sample(columns[FILE_NAME], &answer);
    if (is_companion(columns[FILE_NAME])) {
        if (status != 400)
            fail_msg("%s is no photograph, and was answered with %d", columns[FILE_NAME], status);
    } else if (status != 200 && status != 409) {
        fail_msg("%s was refused: %d %s", columns[FILE_NAME], status, text_of(answer, "error"));
    } else {
        check_taken(columns, status, answer);
    }
    json_decref(answer);
}

static void test_good_samples(void **state)
{
    char *list = studio_path(samples, "EXPECT.tsv");
    FILE *file = fopen(list, "re");
    char *line = NULL;
    size_t size = 0;
    int checked = 0;
    (void)state;
    assert_non_null(file);
    while (getline(&line, &size, file) > 0) {
        char *columns[COLUMNS];
        char *rest = line;
        for (int i = 0; i < COLUMNS; i++)
            columns[i] = strsep(&rest, "\t\n");
        if (!columns[ORIENTATION] || strcmp(columns[FILE_NAME], "file") == 0 ||
            strncmp(columns[FILE_NAME], "bad/", 4) == 0)
            continue;
        check_sample(columns);
        checked++;
    }
    printf("%d samples are imported or refused as they should be\n", checked);
    assert_true(checked > 30);
    free(line);
    fclose(file);
    free(list);
}

static bool has_warning(const json_t *holder, const char *warning)
{
    const json_t *warnings = json_object_get(holder, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        if (strcmp(json_string_value(json_array_get(warnings, i)), warning) == 0)
            return true;
    }
    return false;
}

static void test_damaged_samples(void **state)
{
    static const struct {
        const char *name;
        const char *warning; /* NULL: refused */
        const char *reason;
    } cases[] = {
        {"bad/trailing_garbage.jpg", "trailing_garbage", NULL},
        {"bad/jpeg_named.heic", "extension_mismatch", NULL},
        {"bad/invalid_exif_loop.jpg", "no_exif", NULL},
        {"bad/crw_truncated.CRW", NULL, "cut short"},
        {"bad/heic_truncated.HEIC", NULL, "cut short"},
        {"bad/sony_truncated_15pct.jpg", NULL, "cut short"},
        {"bad/truncated_vips.jpg", NULL, "cut short"},
        {"bad/lfs_pointer.jpg", NULL, "no photograph"},
        {"bad/random_bytes.CR2", NULL, "no photograph"},
        {"bad/zero.jpg", NULL, "empty"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *answer;
        int status = import_sample(cases[i].name, &answer);
        if (cases[i].reason &&
            (status != 400 || !strstr(text_of(answer, "error"), cases[i].reason)))
            fail_msg("%s: %d \"%s\", not 400 with \"%s\"", cases[i].name, status,
                     json_string_value(json_object_get(answer, "error")), cases[i].reason);
        if (cases[i].warning) {
            assert_int_equal(status, 200);
            json_t *photo = get_photo(answer);
            if (!has_warning(answer, cases[i].warning) || !has_warning(photo, cases[i].warning))
                fail_msg("%s was imported without the warning %s", cases[i].name, cases[i].warning);
            json_decref(photo);
        }
        json_decref(answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_samples),
        cmocka_unit_test(test_damaged_samples),
    };
    const char *folder = getenv("JUNMAI_SAMPLES");
    snprintf(samples, sizeof samples, "%s/dev",
             folder && *folder ? folder : REPOSITORY "/../shared/samples");
    if (access(samples, R_OK) != 0) {
        printf("SKIPPED: there are no sample photographs at %s (set JUNMAI_SAMPLES)\n", samples);
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
