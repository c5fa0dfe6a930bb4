/* What a studio trusts: copies that are read back, a backup, reports, and what moving leaves. */
#define _GNU_SOURCE
#include "fixture.h"

#include "internal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY "lib/2024/2024-07-19"
#define BACKUP_DAY "backup/2024/2024-07-19"

/* How many of the next copies the disk gives back otherwise than they were written. */
static int bad_copies;

/* The plugin's own calls come here: the executable's symbols are found first. Dropping the cache is
 * the moment between writing and reading back. */
__attribute__((visibility("default"))) int posix_fadvise(int fd, off_t offset, off_t len,
                                                         int advice)
{
    char link[64];
    (void)offset;
    (void)len;
    if (advice == POSIX_FADV_DONTNEED && bad_copies > 0) {
        bad_copies--;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        int bad = open(link, O_WRONLY | O_CLOEXEC);
        assert_true(bad >= 0);
        assert_int_equal(pwrite(bad, "X", 1, 700), 1);
        close(bad);
    }
    return 0;
}

static int set_up_with_backup(void **state)
{
    fixture_option_folder("backup", "backup");
    int result = fixture_set_up(state);
    struct fixture *f = *state;
    scratch_folder(&f->scratch, "backup");
    bad_copies = 0;
    return result;
}

static int set_up(void **state)
{
    bad_copies = 0;
    return fixture_set_up(state);
}

static int import_as(struct fixture *f, const char *name, const char *mode)
{
    char path[512];
    snprintf(path, sizeof path, "in/%s", name);
    return fixture_post(
        f, "/import/file",
        json_pack("{s:s, s:s}", "file_path", scratch_path(&f->scratch, path), "mode", mode));
}

static const json_t *verdict_at(struct fixture *f, const char *import_id, size_t index)
{
    char target[128];
    snprintf(target, sizeof target, "/import/reports/%s", import_id);
    assert_int_equal(fakehost_request(f->host, "GET", target, NULL), 200);
    return json_array_get(json_object_get(fakehost_answer(f->host), "verdicts"), index);
}

static const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "-" : text;
}

static int64_t photos(struct fixture *f)
{
    return fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos");
}

static void test_verdict(void **state)
{
    struct fixture *f = *state;
    char id[64];
    fixture_photo(f, "a.jpg", 1);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    snprintf(id, sizeof id, "%s", fixture_text(f, "import_id"));
    const json_t *verdict = verdict_at(f, id, 0);
    assert_string_equal(text_in(fakehost_answer(f->host), "status"), "done");
    assert_string_equal(text_in(fakehost_answer(f->host), "kind"), "file");
    assert_int_equal(fixture_int(f, "imported"), 1);
    assert_true(json_is_true(json_object_get(verdict, "verified")));
    assert_string_equal(text_in(verdict, "role"), "primary");
    assert_string_equal(text_in(verdict, "algorithm"), "xxh3-128");
    assert_int_equal(strlen(text_in(verdict, "digest")), 32);
    assert_string_equal(text_in(verdict, "source"), scratch_path(&f->scratch, "in/a.jpg"));
    assert_string_equal(text_in(verdict, "destination"), scratch_path(&f->scratch, DAY "/a.jpg"));
    assert_true(json_integer_value(json_object_get(verdict, "bytes")) > 0);
}

/* The disk lies: nothing is kept, the operator hears of it, the report says it. */
static void test_bad_copy(void **state)
{
    struct fixture *f = *state;
    char id[64];
    fixture_photo(f, "a.jpg", 1);
    bad_copies = 1;
    assert_int_equal(fixture_import(f, "a.jpg"), 503);
    assert_non_null(strstr(fixture_text(f, "details"), "other bytes"));
    snprintf(id, sizeof id, "%s", fixture_text(f, "import_id"));
    assert_int_equal(photos(f), 0);
    const struct fakehost_event *event = fakehost_event_at(f->host, "error_occurred", 0);
    assert_string_equal(text_in(event->fields, "error_type"), "verify_failed");
    const json_t *verdict = verdict_at(f, id, 0);
    assert_true(json_is_false(json_object_get(verdict, "verified")));
    assert_non_null(strstr(text_in(verdict, "error"), "other bytes"));
    assert_int_equal(fixture_int(f, "failed"), 1);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
}

static void test_backup(void **state)
{
    struct fixture *f = *state;
    char id[64];
    fixture_photo(f, "a.jpg", 1);
    scratch_file(&f->scratch, "in/a.aae", "<plist/>", 8);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    snprintf(id, sizeof id, "%s", fixture_text(f, "import_id"));
    assert_true(scratch_has(&f->scratch, BACKUP_DAY "/a.jpg"));
    assert_true(scratch_has(&f->scratch, BACKUP_DAY "/a.aae"));
    assert_int_equal(scratch_count(&f->scratch, "backup", ".junmai-"), 0);
    const json_t *verdict = verdict_at(f, id, 2);
    assert_string_equal(text_in(verdict, "role"), "backup");
    assert_true(json_is_true(json_object_get(verdict, "verified")));
    assert_string_equal(text_in(verdict, "destination"),
                        scratch_path(&f->scratch, BACKUP_DAY "/a.jpg"));
}

/* Other content in the way is not replaced, the same is taken for what it is. */
static void test_backup_clash(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "b.jpg", 2);
    scratch_folder(&f->scratch, "backup/2024");
    scratch_folder(&f->scratch, BACKUP_DAY);
    scratch_file(&f->scratch, BACKUP_DAY "/a.jpg", "other", 5);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_true(scratch_has(&f->scratch, BACKUP_DAY "/a_1.jpg"));
    fakehost_sql(f->host, "DELETE FROM catalog_photos");
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_int_equal(scratch_count(&f->scratch, BACKUP_DAY, ""), 2);
}

/* A backup that fails harms nothing but itself; what should be moved stays. */
static void test_backup_fails(void **state)
{
    struct fixture *f = *state;
    char id[64];
    fixture_photo(f, "a.jpg", 1);
    assert_int_equal(rmdir(scratch_path(&f->scratch, "backup")), 0);
    assert_int_equal(import_as(f, "a.jpg", "move"), 200);
    const json_t *warnings = json_object_get(fakehost_answer(f->host), "warnings");
    assert_string_equal(json_string_value(json_array_get(warnings, 0)), "backup_failed");
    assert_string_equal(json_string_value(json_array_get(warnings, 1)), "source_not_removed");
    snprintf(id, sizeof id, "%s", fixture_text(f, "import_id"));
    assert_true(scratch_has(&f->scratch, "in/a.jpg"));
    assert_int_equal(photos(f), 1);
    const struct fakehost_event *event = fakehost_event_at(f->host, "error_occurred", 0);
    assert_string_equal(text_in(event->fields, "error_type"), "backup_failed");
    const json_t *verdict = verdict_at(f, id, 1);
    assert_string_equal(text_in(verdict, "role"), "backup");
    assert_true(json_is_false(json_object_get(verdict, "verified")));
    assert_string_not_equal(text_in(verdict, "error"), "-");
}

/* The primary is right, the backup's disk lies. */
static void test_bad_backup(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    assert_int_equal(
        fixture_post(f, "/import/file",
                     json_pack("{s:s}", "file_path", scratch_path(&f->scratch, "in/a.jpg"))),
        200);
    fixture_photo(f, "b.jpg", 2);
    char body[PATH_MAX + 32];
    snprintf(body, sizeof body, "{\"file_path\":\"%s\"}", scratch_path(&f->scratch, "in/b.jpg"));
    fakehost_request(f->host, "POST", "/import/file", body);
    while (async_started("settle an import") < 2) {
        assert_true(async_step());
    }
    bad_copies = 1;
    async_run();
    assert_int_equal(f->host->request.status, 200);
    assert_false(scratch_has(&f->scratch, BACKUP_DAY "/b.jpg"));
    assert_int_equal(scratch_count(&f->scratch, "backup", ".junmai-"), 0);
    assert_int_equal(fakehost_event_count(f->host, "error_occurred"), 1);
}

static void test_move(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    scratch_file(&f->scratch, "in/a.aae", "<plist/>", 8);
    assert_int_equal(import_as(f, "a.jpg", "move"), 200);
    assert_false(scratch_has(&f->scratch, "in/a.jpg"));
    assert_false(scratch_has(&f->scratch, "in/a.aae"));
    assert_true(scratch_has(&f->scratch, DAY "/a.jpg"));
    assert_true(scratch_has(&f->scratch, DAY "/a.aae"));
    /* Known content has got no copy: it stays. */
    fixture_photo(f, "again.jpg", 1);
    assert_int_equal(import_as(f, "again.jpg", "move"), 409);
    assert_true(scratch_has(&f->scratch, "in/again.jpg"));
}

/* The row is not committed: the source is not touched. */
static void test_move_without_commit(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fakehost_fail_commit(f->host);
    assert_int_equal(import_as(f, "a.jpg", "move"), 503);
    assert_true(scratch_has(&f->scratch, "in/a.jpg"));
    assert_int_equal(scratch_count(&f->scratch, DAY, ""), 0);
}

static void test_reference(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    scratch_file(&f->scratch, "in/a.aae", "<plist/>", 8);
    assert_int_equal(import_as(f, "a.jpg", "reference"), 200);
    assert_string_equal(fixture_text(f, "final_path"), scratch_path(&f->scratch, "in/a.jpg"));
    assert_int_equal(scratch_count(&f->scratch, "lib", ""), 0);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_files"), 2);
    assert_int_equal(import_as(f, "a.jpg", "reference"), 409);
    assert_int_equal(import_as(f, "a.jpg", "burn"), 400);
}

static void test_reports(void **state)
{
    struct fixture *f = *state;
    char target[128];
    fixture_photo(f, "a.jpg", 1);
    fixture_import(f, "a.jpg");
    fakehost_advance_ms(f->host, 10);
    fixture_import(f, "a.jpg");
    snprintf(target, sizeof target, "/import/reports/%s?format=csv", fixture_text(f, "import_id"));
    assert_int_equal(fakehost_request(f->host, "GET", "/import/reports?limit=1", NULL), 200);
    const json_t *newest = json_array_get(json_object_get(fakehost_answer(f->host), "reports"), 0);
    assert_int_equal(fixture_int(f, "count"), 1);
    assert_int_equal(json_integer_value(json_object_get(newest, "duplicates")), 1);
    assert_int_equal(fakehost_request(f->host, "GET", target, NULL), 200);
    assert_string_equal(fixture_text(f, "content_type"), "text/csv; charset=utf-8");
    assert_non_null(strstr(fixture_text(f, "body"), "duplicate of photograph 1"));
    assert_int_equal(fakehost_request(f->host, "GET", "/import/reports/0?format=xml", NULL), 400);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/reports/0", NULL), 404);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
#define BACKED(name) cmocka_unit_test_setup_teardown(name, set_up_with_backup, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_verdict),        TEST(test_bad_copy),
        BACKED(test_backup),       BACKED(test_backup_clash),
        BACKED(test_backup_fails), BACKED(test_bad_backup),
        TEST(test_move),           TEST(test_move_without_commit),
        TEST(test_reference),      TEST(test_reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
