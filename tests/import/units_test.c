/*
 * Real photographs with what belongs to them, through the whole host. They lie in JUNMAI_SAMPLES, by
 * default ../shared/samples beside the repository. Without them the test is skipped.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIPPED 77

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

/* Imports the sample; its photograph. */
static json_t *import_sample(const char *name)
{
    char path[64];
    char *source = studio_path(samples, name);
    json_t *answer =
        ask(&studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", source));
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)int_of(answer, "photo_id"));
    json_decref(answer);
    free(source);
    return ask(&studio, 200, "GET", path, NULL);
}

/* The photograph has the file `sample` in that role, whole, under the name `name`. */
static void expect_file(const json_t *photo, const char *role, const char *sample, const char *name)
{
    size_t i;
    json_t *file;
    char *source = studio_path(samples, sample);
    bool found = false;
    json_array_foreach(list_of(photo, "files"), i, file)
    {
        const char *path = text_of(file, "path");
        found |= strcmp(text_of(file, "role"), role) == 0 &&
                 strcmp(strrchr(path, '/') + 1, name) == 0 && photo_files_equal(source, path);
    }
    if (!found)
        fail_msg("%s has not come along as %s %s", sample, role, name);
    free(source);
}

static void test_xmp(void **state)
{
    (void)state;
    json_t *photo = import_sample("sidecar/IMG_5910.jpg");
    assert_int_equal(json_array_size(list_of(photo, "files")), 2);
    expect_file(photo, "original", "sidecar/IMG_5910.jpg", "IMG_5910.jpg");
    expect_file(photo, "sidecar", "sidecar/IMG_5910.xmp", "IMG_5910.xmp");
    expect_int(photo, "rating", 3);
    expect_text(object_of(photo, "metadata"), "title", "Squirrel at berkely");
    json_decref(photo);
}

static void test_aae(void **state)
{
    (void)state;
    json_t *photo = import_sample("sidecar/IMG_4120.JPG");
    expect_file(photo, "sidecar", "sidecar/IMG_4120.AAE", "IMG_4120.AAE");
    json_decref(photo);
}

static void test_thm(void **state)
{
    (void)state;
    json_t *photo = import_sample("raw/CRW_0304.CRW");
    expect_file(photo, "thumbnail", "raw/CRW_0304.THM", "CRW_0304.THM");
    json_decref(photo);
}

static void test_raw_sidecar(void **state)
{
    (void)state;
    json_t *photo = import_sample("raw/canon_eos_6d.dng");
    expect_file(photo, "sidecar", "raw/canon_eos_6d.xmp", "canon_eos_6d.xmp");
    json_decref(photo);
}

static void test_orphan(void **state)
{
    (void)state;
    char *path = studio_path(samples, "sidecar/digikam-example.xmp");
    json_decref(ask(&studio, 400, "POST", "/import/file", json_pack("{s:s}", "file_path", path)));
    free(path);
}

/* The whole folder as a card: nothing fails but what is no photograph, and a repeat reads nothing. */
static void test_card(void **state)
{
    (void)state;
    char *path = studio_path(samples, "sidecar");
    json_t *answer = ask(&studio, 200, "POST", "/import/card",
                         json_pack("{s:s, s:b}", "path", path, "dry_run", 1));
    expect_int(answer, "new", 3);
    expect_int(answer, "other", 3);
    json_decref(answer);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xmp),    cmocka_unit_test(test_aae),
        cmocka_unit_test(test_thm),    cmocka_unit_test(test_raw_sidecar),
        cmocka_unit_test(test_orphan), cmocka_unit_test(test_card),
    };
    const char *folder = getenv("JUNMAI_SAMPLES");
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/dev", folder ? folder : REPOSITORY "/../shared/samples");
    if (access(path, R_OK) < 0 || !realpath(path, samples)) {
        printf("no samples in %s: skipped\n", path);
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
