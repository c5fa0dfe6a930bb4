/*
 * Old reports go, at the next start, and what they say about photographs stays. The reports are made
 * old in the database while the host does not run.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

#define WAIT_S 20

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    studio_open(&studio, json_pack("{s:{s:{s:i}}}", "plugins", "import", "reports_keep_days", 30),
                NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void make_old(void)
{
    sqlite3 *db;
    char *path = studio_path(studio.host.data_dir, "junmai.db");
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE import_reports SET started_ms = 1000", NULL, NULL, NULL),
        SQLITE_OK);
    assert_true(sqlite3_changes(db) > 0);
    sqlite3_close(db);
    free(path);
}

static json_int_t count_reports(void)
{
    json_t *answer = ask(&studio, 200, "GET", "/import/reports?limit=1000", NULL);
    json_int_t count = int_of(answer, "count");
    json_decref(answer);
    return count;
}

static json_t *import_file(int status, const char *path)
{
    return ask(&studio, status, "POST", "/import/file", json_pack("{s:s}", "file_path", path));
}

/* The verdicts on the photograph, of which there must be so many. */
static void expect_verdicts(json_int_t photo, size_t count)
{
    char path[64];
    snprintf(path, sizeof path, "/import/verdicts?photo_id=%lld", (long long)photo);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    assert_int_equal(json_array_size(list_of(answer, "verdicts")), count);
    assert_true(bool_of(json_array_get(list_of(answer, "verdicts"), 0), "verified"));
    json_decref(answer);
}

static void test_prune(void **state)
{
    (void)state;
    char *good = photo_write(studio.photos, "good.jpg", "good");
    char *bad = photo_write_raw(studio.photos, "bad.jpg", "no photograph", 13);
    json_t *answer = import_file(200, good);
    json_int_t photo = int_of(answer, "photo_id");
    json_decref(answer);
    json_decref(import_file(409, good));
    json_decref(import_file(400, bad));
    expect_verdicts(photo, 2); /* of the copy, and of the duplicate */
    must(jmt_host_stop(&studio.host));
    make_old();
    must(jmt_host_restart(&studio.host));

    char *young = photo_write(studio.photos, "young.jpg", "young");
    json_decref(import_file(200, young));
    const time_t until = time(NULL) + WAIT_S;
    while (count_reports() > 1 && time(NULL) < until) {
    }
    assert_int_equal(count_reports(), 1);
    expect_verdicts(photo, 1);
    ask_refused(&studio, 400, "GET", "/import/verdicts", NULL, "photo_id");
    free(young);
    free(bad);
    free(good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_prune)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
