/* backup.json: written, read, and refused. */
#include "check.h"

#include "cli/manifest.h"

static int make_backup(void **state)
{
    enter_scratch(state);
    assert_int_equal(mkdir("backup", 0700) | mkdir("backup/library", 0700), 0);
    write_file("backup/junmai.db", "a database");
    write_file("backup/library/\xff%FF.jpg", "123");
    write_file("backup/library/100%.jpg", "4567");
    struct jmc_manifest manifest = {.data_dir = strdup("/data/\xfe"), .epoch = strdup("abc")};
    jmc_files_add(&manifest.files, "library/100%.jpg", 4);
    jmc_files_add(&manifest.files, "library/\xff%FF.jpg", 3);
    jmc_files_add(&manifest.files, "junmai.db", 10);
    assert_true(jmc_manifest_write(&manifest, "backup"));
    jmc_manifest_fini(&manifest);
    return 0;
}

static void expect_refused(void)
{
    struct jmc_manifest manifest;
    assert_false(jmc_manifest_read(&manifest, "backup"));
    jmc_manifest_fini(&manifest);
}

/* Paths and names of any bytes come back as they were. */
static void test_read(void **state)
{
    struct jmc_manifest manifest;
    (void)state;
    assert_true(jmc_manifest_read(&manifest, "backup"));
    assert_string_equal(manifest.data_dir, "/data/\xfe");
    assert_string_equal(manifest.epoch, "abc");
    assert_int_equal(strlen(manifest.made_at), 24);
    assert_int_equal(manifest.files.count, 3);
    assert_int_equal(manifest.files.bytes, 17);
    assert_string_equal(manifest.files.items[0].path, "library/100%.jpg");
    jmc_manifest_fini(&manifest);
}

static void test_incomplete(void **state)
{
    (void)state;
    write_file("backup/library/100%.jpg", "456");
    expect_refused();
    assert_int_equal(unlink("backup/library/100%.jpg"), 0);
    expect_refused();
    assert_int_equal(unlink("backup/backup.json"), 0);
    expect_refused();
}

static void test_no_manifest(void **state)
{
    static const char *const texts[] = {
        "",
        "[]",
        "{\"format\":2,\"epoch\":\"a\",\"data_dir\":\"/\",\"made_at\":\"x\",\"files\":[]}",
        "{\"format\":1,\"epoch\":\"a\",\"data_dir\":\"/\",\"made_at\":\"x\",\"files\":[]}",
        "{\"format\":1,\"epoch\":\"a\",\"data_dir\":\"/\",\"made_at\":\"x\",\"files\":[{\"path\":"
        "\"../backup/junmai.db\",\"bytes\":10}]}",
        "{\"format\":1,\"epoch\":\"a\",\"data_dir\":\"/\",\"made_at\":\"x\",\"files\":[{\"path\":"
        "\"/etc/passwd\",\"bytes\":10}]}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_file("backup/backup.json", texts[i]);
        expect_refused();
    }
    write_file("backup/backup.json", "{\"format\":1,\"epoch\":\"a\",\"data_dir\":\"/\",\"made_at\":"
                                     "\"x\",\"files\":[{\"path\":\"junmai.db\",\"bytes\":10}]}");
    struct jmc_manifest manifest;
    assert_true(jmc_manifest_read(&manifest, "backup"));
    jmc_manifest_fini(&manifest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_read, make_backup, leave_scratch),
        cmocka_unit_test_setup_teardown(test_incomplete, make_backup, leave_scratch),
        cmocka_unit_test_setup_teardown(test_no_manifest, make_backup, leave_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
