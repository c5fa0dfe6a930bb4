/* The routes of hot folders: what they answer, and what they keep. */
#include "hotfolder.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static json_t *body_of(const char *folder)
{
    return json_pack("{s:s}", "folder", folder);
}

/* What cannot be added is named, and the details say why. */
static void add_refused(const struct hot_studio *hot, int status, const char *folder,
                        const char *why)
{
    json_t *answer = ask(&hot->studio, status, "POST", "/hotfolder/add", body_of(folder));
    const char *error = text_of(answer, "error");
    const char *said = "Failed to add folder: ";
    assert_int_equal(strncmp(error, said, strlen(said)), 0);
    assert_string_equal(error + strlen(said), folder);
    if (!strstr(text_of(answer, "details"), why))
        fail_msg("\"%s\" does not say \"%s\"", text_of(answer, "details"), why);
    json_decref(answer);
}

static void expect_running(const struct hot_studio *hot, bool running, size_t folders)
{
    json_t *answer = ask(&hot->studio, 200, "GET", "/hotfolder/status", NULL);
    assert_int_equal(bool_of(answer, "running"), running);
    assert_int_equal(json_array_size(list_of(answer, "folders")), folders);
    expect_int(answer, "folder_count", (json_int_t)folders);
    assert_null(json_object_get(answer, "message"));
    json_decref(answer);
}

static void expect_message(const struct hot_studio *hot, const char *route, const char *message)
{
    json_t *answer = ask(&hot->studio, 200, "POST", route, NULL);
    expect_text(answer, "message", message);
    json_decref(answer);
}

/* Before a folder was ever added. */
static void test_not_initialized(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    json_t *answer = ask(&hot.studio, 200, "GET", "/hotfolder/status", NULL);
    assert_int_equal(json_object_size(answer), 3);
    assert_false(bool_of(answer, "running"));
    assert_int_equal(json_array_size(list_of(answer, "folders")), 0);
    expect_text(answer, "message", "Hot folder watcher not initialized");
    json_decref(answer);
    ask_refused(&hot.studio, 400, "POST", "/hotfolder/start", NULL, "not initialized");
    ask_refused(&hot.studio, 400, "POST", "/hotfolder/stop", NULL, "not initialized");
    ask_refused(&hot.studio, 400, "POST", "/hotfolder/remove", body_of(hot.hot), "not initialized");
    hot_close(&hot);
}

static void test_refusals(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    char *missing = studio_path(hot.hot, "missing");
    char *file = photo_write(hot.staging, "file.jpg", "file");
    char *link = studio_path(hot.staging, "link");
    assert_int_equal(symlink(hot.studio.folder, link), 0);
    ask_refused(&hot.studio, 400, "POST", "/hotfolder/add", NULL, "Folder path is required");
    ask_refused(&hot.studio, 400, "POST", "/hotfolder/add", body_of(""), "Folder path is required");
    ask_refused(&hot.studio, 400, "POST", "/hotfolder/add", json_pack("{s:i}", "folder", 1),
                "text");
    add_refused(&hot, 404, missing, "no folder");
    add_refused(&hot, 400, file, "not a folder");
    add_refused(&hot, 403, "/etc", "outside");
    add_refused(&hot, 403, "/nowhere/at/all", "outside");
    add_refused(&hot, 403, hot.studio.folder, "outside");
    add_refused(&hot, 403, link, "outside");
    add_refused(&hot, 403, "relative", "absolute");
    hot_add(&hot, hot.hot);
    add_refused(&hot, 409, hot.hot, "already");
    ask_refused(&hot.studio, 404, "POST", "/hotfolder/remove", body_of(hot.staging),
                "Folder not in watch list: ");
    free(missing);
    free(file);
    free(link);
    hot_close(&hot);
}

static void test_start_and_stop(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    expect_running(&hot, true, 1);
    expect_message(&hot, "/hotfolder/start", "Hot folder watcher is already running");
    expect_message(&hot, "/hotfolder/stop", "Hot folder watcher stopped");
    expect_message(&hot, "/hotfolder/stop", "Hot folder watcher is not running");
    expect_running(&hot, false, 1);
    free(photo_write(hot.hot, "meanwhile.jpg", "meanwhile"));
    json_t *answer = ask(&hot.studio, 200, "POST", "/hotfolder/start", NULL);
    expect_text(answer, "message", "Hot folder watcher started");
    assert_int_equal(json_array_size(list_of(answer, "folders")), 1);
    json_decref(answer);
    hot_wait_count(&hot, "imported", 1);
    hot_close(&hot);
}

/* The last folder goes like any other; then nothing is watched. */
static void test_remove_last(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    hot_add(&hot, hot.staging);
    hot_remove(&hot, hot.hot);
    expect_running(&hot, true, 1);
    hot_remove(&hot, hot.staging);
    expect_running(&hot, false, 0);
    ask_refused(&hot.studio, 409, "POST", "/hotfolder/start", NULL, "add one");
    free(photo_write(hot.hot, "late.jpg", "late"));
    hot_add(&hot, hot.hot);
    hot_wait_count(&hot, "imported", 1);
    hot_close(&hot);
}

/* A folder that has gone can be removed too. */
static void test_remove_missing(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    assert_int_equal(rmdir(hot.hot), 0);
    hot_wait_text(&hot, "state", "missing");
    hot_remove(&hot, hot.hot);
    hot_close(&hot);
}

static void test_restart(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    must(jmt_host_stop(&hot.studio.host));
    free(photo_write(hot.hot, "while away.jpg", "while away"));
    must(jmt_host_restart(&hot.studio.host));
    expect_running(&hot, true, 1);
    hot_wait_count(&hot, "imported", 1);
    expect_message(&hot, "/hotfolder/stop", "Hot folder watcher stopped");
    must(jmt_host_stop(&hot.studio.host));
    must(jmt_host_restart(&hot.studio.host));
    expect_running(&hot, false, 1);
    hot_close(&hot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_initialized), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_start_and_stop),  cmocka_unit_test(test_remove_last),
        cmocka_unit_test(test_remove_missing),  cmocka_unit_test(test_restart),
    };
    return cmocka_run_group_tests_name("hot folder routes", tests, NULL, NULL);
}
