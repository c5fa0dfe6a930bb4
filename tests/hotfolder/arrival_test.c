/* How files come into a hot folder, and which of them are taken. */
#include "hotfolder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct hot_studio hot;

static int open_hot(void **state)
{
    (void)state;
    hot_open(&hot, json_pack("{s:i}", "hot_rescan_s", 3600));
    return 0;
}

static int open_rescanned(void **state)
{
    (void)state;
    hot_open(&hot, json_pack("{s:i, s:i}", "hot_rescan_s", 1, "max_file_mib", 1));
    return 0;
}

static int close_hot(void **state)
{
    (void)state;
    hot_close(&hot);
    return 0;
}

static void expect_imported(const char *path)
{
    json_t *photo = hot_photo_of(&hot, path);
    assert_true(photo_files_equal(path, text_of(photo, "file_path")));
    json_decref(photo);
}

/* What is there when the folder is added, deep inside too; session and events are as told. */
static void test_there_before(void **state)
{
    struct jmt_ws ws;
    char wanted[64];
    time_t now = time(NULL);
    (void)state;
    char *deep = hot_mkdir(hot.hot, "deep");
    char *path = photo_write(deep, "there.jpg", "there before");
    listen_open(&ws, &hot.studio, "photos,sessions");
    strftime(wanted, sizeof wanted, "Auto_deep_%Y%m%d", localtime(&now));
    hot_add(&hot, hot.hot);

    json_t *event = listen_for(&ws, "session_created");
    expect_text(event, "session_name", wanted);
    json_int_t session = int_of(event, "session_id");
    json_decref(event);
    event = listen_for(&ws, "photo_imported");
    expect_int(event, "session_id", session);
    json_decref(event);
    event = listen_for(&ws, "session_updated");
    expect_int(event, "session_id", session);
    expect_int(event, "total_photos", 1);
    json_decref(event);

    json_t *sessions = ask(&hot.studio, 200, "GET", "/import/sessions", NULL);
    expect_text(json_array_get(list_of(sessions, "sessions"), 0), "import_folder", deep);
    json_decref(sessions);
    expect_imported(path);
    jmt_ws_fini(&ws);
    free(path);
    free(deep);
}

static void test_cp(void **state)
{
    (void)state;
    char *from = photo_write(hot.staging, "cp.jpg", "copied");
    char *to = studio_path(hot.hot, "cp.jpg");
    hot_add(&hot, hot.hot);
    hot_run((const char *const[]){"/bin/cp", from, to, NULL});
    hot_wait_count(&hot, "imported", 1);
    expect_imported(to);
    free(from);
    free(to);
}

static void test_mv(void **state)
{
    (void)state;
    char *from = photo_write(hot.staging, "mv.jpg", "moved");
    char *to = studio_path(hot.hot, "mv.jpg");
    hot_add(&hot, hot.hot);
    hot_run((const char *const[]){"/bin/mv", from, to, NULL});
    hot_wait_count(&hot, "imported", 1);
    expect_imported(to);
    free(from);
    free(to);
}

static void test_hard_link(void **state)
{
    (void)state;
    char *from = photo_write(hot.staging, "link.jpg", "linked");
    char *to = studio_path(hot.hot, "link.jpg");
    hot_add(&hot, hot.hot);
    hot_run((const char *const[]){"/bin/ln", from, to, NULL});
    hot_wait_count(&hot, "imported", 1);
    expect_imported(to);
    free(from);
    free(to);
}

/* A download that gets its name when it is complete. */
static void test_rename_inside(void **state)
{
    (void)state;
    hot_add(&hot, hot.hot);
    char *part = photo_write(hot.hot, "x.part", "renamed");
    char *hidden = photo_write(hot.hot, ".y.jpg", "renamed too");
    hot_pass(&hot);
    assert_int_equal(hot_total(&hot), 1);
    char *whole = studio_path(hot.hot, "x.jpg");
    char *shown = studio_path(hot.hot, "y.jpg");
    assert_int_equal(rename(part, whole), 0);
    assert_int_equal(rename(hidden, shown), 0);
    hot_wait_count(&hot, "imported", 3);
    expect_imported(whole);
    expect_imported(shown);
    free(part);
    free(hidden);
    free(whole);
    free(shown);
}

/* Names that are never taken, and links. */
static void test_left_alone(void **state)
{
    static const char *const names[] = {"a.part",    "~b.jpg",    ".c.jpg",    "d.tmp",
                                        "e.jpg.tmp", ".DS_Store", "Thumbs.db", "f.jpg.part",
                                        "g.jpg~",    "h.txt"};
    (void)state;
    hot_add(&hot, hot.hot);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        free(photo_write(hot.hot, names[i], names[i]));
    char *target = photo_write(hot.staging, "target.jpg", "target");
    char *link = studio_path(hot.hot, "link.jpg");
    assert_int_equal(symlink(target, link), 0);
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(hot_total(&hot), 1);
    free(target);
    free(link);
}

/* A second file of the same content is a duplicate, and nothing more is made of it. */
static void test_duplicate(void **state)
{
    (void)state;
    hot_add(&hot, hot.hot);
    char *path = photo_write(hot.hot, "one.jpg", "the same");
    hot_wait_count(&hot, "imported", 1);
    char *copy = photo_write(hot.hot, "two.jpg", "the same");
    hot_wait_count(&hot, "imported", 2);
    assert_int_equal(hot_total(&hot), 1);
    expect_imported(path);
    expect_imported(copy);
    free(path);
    free(copy);
}

/* What is no photograph is told once, and taken when it has become one. */
static void test_refused(void **state)
{
    struct jmt_ws ws;
    (void)state;
    hot_add(&hot, hot.hot);
    listen_open(&ws, &hot.studio, "system");
    char *path = photo_write_raw(hot.hot, "no.jpg", "no photograph at all", 20);
    hot_wait_count(&hot, "failed", 1);
    json_t *event = listen_for(&ws, "error_occurred");
    expect_text(event, "error_type", "hot_folder_file_refused");
    expect_text(object_of(event, "error_details"), "path", path);
    json_decref(event);
    hot_wait_text(&hot, "last_error", "no.jpg");
    free(photo_write(hot.hot, "no.jpg", "a photograph now"));
    hot_wait_count(&hot, "imported", 1);
    hot_wait_count(&hot, "failed", 0);
    listen_quiet(&ws);
    expect_imported(path);
    jmt_ws_fini(&ws);
    free(path);
}

/* truncate() is a change that the kernel does not tell: it is found by reading the folder. */
static void test_rescan(void **state)
{
    (void)state;
    hot_add(&hot, hot.hot);
    char *large = photo_write(hot.staging, "large.jpg", "too large at first");
    char *path = studio_path(hot.hot, "large.jpg");
    struct stat info;
    assert_int_equal(stat(large, &info), 0);
    assert_int_equal(truncate(large, 2 << 20), 0);
    assert_int_equal(rename(large, path), 0);
    hot_wait_count(&hot, "failed", 1);
    assert_int_equal(truncate(path, info.st_size), 0);
    hot_wait_count(&hot, "imported", 1);
    hot_wait_count(&hot, "failed", 0);
    expect_imported(path);
    free(path);
    free(large);
}

/* A name that is no text. */
static void test_bytes(void **state)
{
    (void)state;
    hot_add(&hot, hot.hot);
    free(photo_write(hot.hot, "b\xe4r.jpg", "bytes"));
    hot_wait_count(&hot, "imported", 1);
    char *text = studio_path(hot.hot, "b%E4r.jpg");
    json_decref(hot_photo_of(&hot, text));
    free(text);
}

int main(void)
{
#define with_studio(test) cmocka_unit_test_setup_teardown(test, open_hot, close_hot)
    const struct CMUnitTest tests[] = {
        with_studio(test_there_before),
        with_studio(test_cp),
        with_studio(test_mv),
        with_studio(test_hard_link),
        with_studio(test_left_alone),
        with_studio(test_duplicate),
        with_studio(test_rename_inside),
        with_studio(test_refused),
        with_studio(test_bytes),
        cmocka_unit_test_setup_teardown(test_rescan, open_rescanned, close_hot),
    };
    return cmocka_run_group_tests_name("hot folder arrival", tests, NULL, NULL);
}
