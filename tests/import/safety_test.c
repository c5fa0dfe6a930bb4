/*
 * A backup on a small disk that is full, a library without room, reports, and templates with which the
 * host refuses to start. Small file systems in memory are mounted for this process alone, which only
 * root can do; otherwise those tests are skipped.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"
#include "run.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define BIG_BYTES 3000000 /* more than the backup's disk has */

static struct studio studio;
static char *backup;
static bool mounted;

static int open_studio(void **state)
{
    (void)state;
    backup = studio_folder_new();
    mounted = unshare(CLONE_NEWNS) == 0 &&
              mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
              mount("tmpfs", backup, "tmpfs", MS_NODEV | MS_NOSUID, "size=1m,mode=0700") == 0;
    studio_open(&studio, json_pack("{s:{s:{s:s}}}", "plugins", "import", "backup", backup), NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    if (mounted)
        umount(backup);
    studio_folder_remove(backup);
    return 0;
}

static json_t *report_of(const json_t *answer)
{
    char path[96];
    snprintf(path, sizeof path, "/import/reports/%s", text_of(answer, "import_id"));
    return ask(&studio, 200, "GET", path, NULL);
}

static json_t *import_file(int status, const char *path)
{
    return ask(&studio, status, "POST", "/import/file", json_pack("{s:s}", "file_path", path));
}

static void test_backup(void **state)
{
    (void)state;
    char *path = photo_write(studio.photos, "small.jpg", "small");
    json_t *answer = import_file(200, path);
    json_t *report = report_of(answer);
    const json_t *verdict = json_array_get(list_of(report, "verdicts"), 1);
    expect_text(verdict, "role", "backup");
    assert_true(bool_of(verdict, "verified"));
    assert_true(photo_files_equal(path, text_of(verdict, "destination")));
    assert_int_equal(strncmp(text_of(verdict, "destination"), backup, strlen(backup)), 0);
    json_decref(report);
    json_decref(answer);
    free(path);
}

/* A file that does not fit into the backup is not begun; the next one is imported. */
static void test_full_backup(void **state)
{
    struct jmt_ws ws;
    (void)state;
    if (!mounted)
        skip();
    listen_open(&ws, &studio, "system,photos");
    char *path = photo_write_sized(studio.photos, "big.jpg", "big", BIG_BYTES);
    json_t *answer = import_file(503, path);
    assert_non_null(strstr(text_of(answer, "details"), "bytes are needed"));
    assert_non_null(strstr(text_of(answer, "details"), backup));
    json_t *event = listen_event(&ws, "error_occurred", "system");
    expect_text(event, "error_type", "disk_full");
    json_decref(event);
    listen_quiet(&ws);
    json_t *report = report_of(answer);
    expect_int(report, "failed", 1);
    assert_int_equal(photo_count_files(backup, ".part"), 0);
    json_decref(report);
    json_decref(answer);
    free(path);
    jmt_ws_fini(&ws);
}

/* A batch that does not fit begins nothing. */
static void test_no_room(void **state)
{
    (void)state;
    if (!mounted)
        skip();
    char *small = photo_write(studio.photos, "fits.jpg", "fits");
    char *big = photo_write_sized(studio.photos, "bigger.jpg", "bigger", BIG_BYTES);
    json_t *answer = ask(&studio, 503, "POST", "/import/batch",
                         json_pack("{s:[s, s]}", "file_paths", small, big));
    assert_non_null(strstr(text_of(answer, "details"), "bytes are needed"));
    expect_int(object_of(answer, "results"), "imported", 0);
    json_decref(answer);
    json_decref(import_file(200, small));
    free(small);
    free(big);
}

static void test_csv(void **state)
{
    char path[96];
    (void)state;
    char *photo = photo_write(studio.photos, "a \"quoted\", name.jpg", "quoted");
    json_t *answer = import_file(200, photo);
    struct jmt_response response;
    snprintf(path, sizeof path, "/import/reports/%s?format=csv", text_of(answer, "import_id"));
    ask_raw(&studio, &(struct jmt_request){.path = path}, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(jmt_response_header(&response, "Content-Type"), "text/csv; charset=utf-8");
    assert_non_null(strstr(jmt_response_header(&response, "Content-Disposition"),
                           text_of(answer, "import_id")));
    assert_non_null(strstr(response.body, "a \"\"quoted\"\", name.jpg\","));
    jmt_response_fini(&response);
    json_decref(answer);
    free(photo);
}

static void test_move(void **state)
{
    (void)state;
    char *path = photo_write(studio.photos, "moved.jpg", "moved");
    json_t *answer = ask(&studio, 200, "POST", "/import/file",
                         json_pack("{s:s, s:s}", "file_path", path, "mode", "move"));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(text_of(answer, "final_path"), R_OK), 0);
    json_decref(answer);
    free(path);
}

static void expect_bad_template(const char *template)
{
    char *folder = studio_folder_new();
    char *config = studio_path(folder, "junmai.json");
    char *data = studio_path(folder, "data");
    json_t *json = json_pack("{s:{s:{s:s}}}", "plugins", "import", "folder_template", template);
    studio_write_config(config, json);
    json_decref(json);
    struct run run;
    run_host(&run,
             (const char *const[]){"--config", config, "--data", data, "--check-config", NULL});
    assert_int_not_equal(run.status, 0);
    if (!strstr(run.err, "folder_template") && !strstr(run.out, "folder_template"))
        fail_msg("%s: %s%s", template, run.out, run.err);
    run_fini(&run);
    free(config);
    free(data);
    studio_folder_remove(folder);
}

static void test_bad_templates(void **state)
{
    (void)state;
    expect_bad_template("{yaer}");
    expect_bad_template("../{year}");
    expect_bad_template("{year");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backup),  cmocka_unit_test(test_full_backup),
        cmocka_unit_test(test_no_room), cmocka_unit_test(test_csv),
        cmocka_unit_test(test_move),    cmocka_unit_test(test_bad_templates),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
