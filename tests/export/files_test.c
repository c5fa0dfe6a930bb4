/* Finished files: where they are, what they are called, and what happens where that cannot be. */
#include "check.h"
#include "exported.h"
#include "listen.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct studio studio;
static json_int_t photo;

static int open_studio(void **state)
{
    (void)state;
    exported_open(&studio, NULL);
    photo = exported_photo(&studio, "IMG_0001.jpg", 900, 600, 1);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(exported_parts(&studio), 0);
    studio_close(&studio);
    return 0;
}

/* The finished file of an export; to free(). */
static char *finish(json_int_t id, const char *preset)
{
    char *job = exported_ask(&studio, id, preset);
    json_t *xjob = exported_wait(&studio, job, "completed");
    char *path = strdup(text_of(xjob, "output_path"));
    assert_true(int_of(xjob, "file_size") > 0);
    assert_true(number_of(xjob, "duration_s") >= 0);
    json_decref(xjob);
    free(job);
    return path;
}

static void expect_failed(json_int_t id, const char *preset, const char *words)
{
    char *job = exported_ask(&studio, id, preset);
    json_t *xjob = exported_wait(&studio, job, "failed");
    if (!strstr(text_of(xjob, "error_message"), words))
        fail_msg("\"%s\" does not say \"%s\"", text_of(xjob, "error_message"), words);
    expect_null(xjob, "output_path");
    json_decref(xjob);
    free(job);
}

static void expect_name(const char *path, const char *tail)
{
    size_t length = strlen(path);
    if (length < strlen(tail) || strcmp(path + length - strlen(tail), tail) != 0)
        fail_msg("%s does not end in %s", path, tail);
}

static void test_a_file(void **state)
{
    struct jmt_ws ws;
    (void)state;
    exported_make(&studio, "plain", NULL);
    listen_open(&ws, &studio, "export");
    char *path = finish(photo, "plain");
    expect_name(path, "/exports/plain/IMG_0001.jpg");
    exported_expect_jpeg(path, 512, 341);
    json_t *started = listen_event(&ws, "export_started", "export");
    expect_int(started, "photo_id", photo);
    expect_text(started, "preset_name", "plain");
    expect_text(started, "destination", "plain");
    json_t *completed = listen_for(&ws, "export_completed");
    expect_text(completed, "output_path", path);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    expect_int(completed, "file_size", info.st_size);
    json_decref(started);
    json_decref(completed);
    jmt_ws_fini(&ws);
    free(path);
}

static void test_collisions(void **state)
{
    static const char *const names[] = {"IMG_0001.jpg", "IMG_0001_1.jpg", "IMG_0001_2.jpg"};
    (void)state;
    exported_make(&studio, "renames", NULL);
    for (size_t i = 0; i < 3; i++) {
        char *path = finish(photo, "renames");
        expect_name(path, names[i]);
        free(path);
    }
    exported_make(&studio, "skips",
                  json_pack("{s:s, s:s}", "collision_policy", "skip", "destination", "renames"));
    char *path = finish(photo, "skips");
    expect_name(path, "/renames/IMG_0001.jpg");
    assert_int_equal(exported_count(&studio, "renames"), 3);
    exported_make(&studio, "overwrites",
                  json_pack("{s:s, s:s, s:i}", "collision_policy", "overwrite", "destination",
                            "renames", "max_dimension", 600));
    char *again = finish(photo, "overwrites");
    assert_string_equal(path, again);
    exported_expect_jpeg(path, 600, 400);
    assert_int_equal(exported_count(&studio, "renames"), 3);
    free(path);
    free(again);
}

/* Jobs of one name that wait together, in two presets that share a folder. */
static void test_same_name_at_once(void **state)
{
    char *jobs[8];
    json_t *paths = json_object();
    (void)state;
    exported_make(&studio, "twin_a", json_pack("{s:s}", "destination", "twins"));
    exported_make(&studio, "twin_b",
                  json_pack("{s:s, s:s}", "destination", "twins", "collision_policy", "overwrite"));
    exported_pause(&studio, true);
    for (size_t i = 0; i < 8; i++)
        jobs[i] = exported_ask(&studio, photo, i % 2 ? "twin_a" : "twin_b");
    exported_pause(&studio, false);
    for (size_t i = 0; i < 8; i++) {
        json_t *xjob = exported_wait(&studio, jobs[i], "completed");
        json_object_set_new(paths, text_of(xjob, "output_path"), json_true());
        json_decref(xjob);
        free(jobs[i]);
    }
    /* One that overwrites may take the place of one that has ended; none of the others is lost. */
    assert_true(json_object_size(paths) >= 4);
    assert_int_equal(exported_count(&studio, "twins"), (int)json_object_size(paths));
    json_decref(paths);
}

static void test_sequence(void **state)
{
    static const char *const tails[] = {"/n0007.jpg", "/n0008.jpg", "/n0009.jpg"};
    char *jobs[3];
    (void)state;
    exported_make(&studio, "counts",
                  json_pack("{s:s, s:i}", "filename_template", "n{sequence}", "sequence_start", 7));
    exported_pause(&studio, true);
    for (size_t i = 0; i < 3; i++)
        jobs[i] = exported_ask(&studio, photo, "counts");
    exported_pause(&studio, false);
    for (size_t i = 0; i < 3; i++) {
        json_t *xjob = exported_wait(&studio, jobs[i], "completed");
        expect_name(text_of(xjob, "output_path"), tails[i]);
        json_decref(xjob);
        free(jobs[i]);
    }
}

static void test_odd_names(void **state)
{
    char template[330];
    (void)state;
    memset(template, 'x', 300);
    strcpy(template + 300, "{sequence}");
    exported_make(&studio, "long", json_pack("{s:s}", "filename_template", template));
    char *path = finish(photo, "long");
    assert_true(strlen(strrchr(path, '/') + 1) <= 255);
    assert_int_equal(access(path, R_OK), 0);
    free(path);
    exported_make(&studio, "illegal", json_pack("{s:s}", "filename_template", "../a/b:c*{preset}"));
    path = finish(photo, "illegal");
    expect_name(path, "/exports/illegal/_._a_b_c_illegal.jpg");
    free(path);
    exported_make(&studio, "empty", json_pack("{s:s}", "filename_template", "{iso}"));
    expect_failed(photo, "empty", "empty name");
}

/* The sibling of a preset that cannot be rendered is finished all the same. */
static void test_sibling_of_a_failure(void **state)
{
    (void)state;
    exported_make(&studio, "good", NULL);
    exported_make(&studio, "bad", json_pack("{s:s}", "format", "DNG"));
    json_t *answer =
        ask(&studio, 200, "POST", "/export/auto/multiple",
            json_pack("{s:I, s:[s, s]}", "photo_id", photo, "preset_names", "bad", "good"));
    const char *bad = text_of(json_array_get(list_of(answer, "jobs"), 0), "id");
    const char *good = text_of(json_array_get(list_of(answer, "jobs"), 1), "id");
    json_decref(exported_wait(&studio, bad, "failed"));
    json_decref(exported_wait(&studio, good, "completed"));
    json_decref(answer);
}

static void test_preset_deleted(void **state)
{
    (void)state;
    exported_make(&studio, "gone", json_pack("{s:i}", "max_dimension", 520));
    exported_pause(&studio, true);
    char *job = exported_ask(&studio, photo, "gone");
    char *changed = exported_ask(&studio, photo, "gone");
    json_decref(
        ask(&studio, 200, "PUT", "/export/presets/gone", json_pack("{s:i}", "max_dimension", 800)));
    json_decref(ask(&studio, 200, "DELETE", "/export/presets/gone", NULL));
    exported_pause(&studio, false);
    json_t *xjob = exported_wait(&studio, job, "completed");
    exported_expect_jpeg(text_of(xjob, "output_path"), 520, 347);
    json_decref(xjob);
    xjob = exported_wait(&studio, changed, "completed");
    exported_expect_jpeg(text_of(xjob, "output_path"), 520, 347);
    json_decref(xjob);
    free(job);
    free(changed);
}

static void test_watermark_gone(void **state)
{
    (void)state;
    exported_make(
        &studio, "marked",
        json_pack("{s:b, s:s}", "watermark_enabled", 1, "watermark_image", "no/mark.png"));
    expect_failed(photo, "marked", "watermark_image");
    assert_int_equal(exported_count(&studio, "marked"), 0);
}

static void test_source_gone(void **state)
{
    char path[64];
    struct jmt_ws ws;
    (void)state;
    json_int_t id = exported_photo(&studio, "lost.jpg", 300, 200, 77);
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)id);
    json_t *known = ask(&studio, 200, "GET", path, NULL);
    assert_int_equal(unlink(text_of(known, "file_path")), 0);
    json_decref(known);
    listen_open(&ws, &studio, "export");
    expect_failed(id, "plain", "cannot be opened");
    json_t *event = listen_for(&ws, "export_failed");
    expect_int(event, "photo_id", id);
    expect_text(event, "preset_name", "plain");
    json_decref(event);
    jmt_ws_fini(&ws);
}

/* A folder that is a file cannot be written to, by root neither. */
static void test_bad_destination(void **state)
{
    char *exports = studio_path(studio.host.data_dir, "exports");
    (void)state;
    free(photo_write_raw(exports, "afile", "x", 1));
    exported_make(&studio, "nofolder", json_pack("{s:s}", "destination", "afile/below"));
    expect_failed(photo, "nofolder", "destination");
    free(exports);
}

/* A link out of the roots is followed before it is judged. */
static void test_link_outside(void **state)
{
    char *exports = studio_path(studio.host.data_dir, "exports");
    char *link = studio_path(exports, "outlink");
    (void)state;
    assert_int_equal(symlink("/usr", link), 0);
    exported_make(&studio, "escape", json_pack("{s:s}", "destination", "outlink/x"));
    expect_failed(photo, "escape", "outside");
    assert_int_equal(unlink(link), 0);
    free(link);
    free(exports);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_collisions),
        cmocka_unit_test(test_same_name_at_once),
        cmocka_unit_test(test_sequence),
        cmocka_unit_test(test_odd_names),
        cmocka_unit_test(test_sibling_of_a_failure),
        cmocka_unit_test(test_preset_deleted),
        cmocka_unit_test(test_watermark_gone),
        cmocka_unit_test(test_source_gone),
        cmocka_unit_test(test_bad_destination),
        cmocka_unit_test(test_link_outside),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
