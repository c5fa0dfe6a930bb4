/* Hot folders and the studio's document: who lists what, and whether anything is imported by
 * itself. */
#include "hotfolder.h"

#include <stdio.h>
#include <string.h>

static struct hot_studio hot;

static int open_hot(void **state)
{
    (void)state;
    hot_open(&hot, json_pack("{s:i}", "hot_rescan_s", 3600));
    return 0;
}

static int close_hot(void **state)
{
    (void)state;
    hot_close(&hot);
    return 0;
}

static json_t *read_config(void)
{
    return ask(&hot.studio, 200, "GET", "/config", NULL);
}

static void write_config(json_t *config_take)
{
    json_decref(ask(&hot.studio, 200, "PUT", "/config", config_take));
}

static void set_auto_import(bool value)
{
    json_t *config = read_config();
    json_object_set_new(object_of(config, "processing"), "auto_import", json_boolean(value));
    write_config(config);
}

static bool lists(const json_t *folders, const char *folder)
{
    size_t i;
    json_t *each;
    bool found = false;
    json_array_foreach(folders, i, each) found =
        found || strcmp(json_string_value(each), folder) == 0;
    return found;
}

static void expect_listed(const char *folder, bool listed)
{
    json_t *config = read_config();
    assert_int_equal(lists(list_of(object_of(config, "system"), "hot_folders"), folder), listed);
    json_decref(config);
}

/* Waits until the folder is watched, or is not any more. */
static void wait_watched(const char *folder, bool watched)
{
    int64_t deadline_ms = jmt_deadline_after(HOT_PATIENCE_MS);
    bool seen;
    do {
        json_t *answer = ask(&hot.studio, 200, "GET", "/hotfolder/status", NULL);
        seen = lists(list_of(answer, "folders"), folder) && bool_of(answer, "running");
        json_decref(answer);
    } while (seen != watched && hot_again(deadline_ms));
    assert_int_equal(seen, watched);
}

static void test_routes_are_kept(void **state)
{
    (void)state;
    hot_add(&hot, hot.hot);
    expect_listed(hot.hot, true);
    hot_add(&hot, hot.staging);
    expect_listed(hot.staging, true);
    hot_remove(&hot, hot.hot);
    expect_listed(hot.hot, false);
    expect_listed(hot.staging, true);
}

/* A change of the document is followed, in both directions. */
static void test_document_counts(void **state)
{
    (void)state;
    json_t *config = read_config();
    json_object_set_new(object_of(config, "system"), "hot_folders",
                        json_pack("[s, s]", hot.hot, "/nowhere/at/all"));
    write_config(config);
    wait_watched(hot.hot, true);
    free(photo_write(hot.hot, "first.jpg", "first"));
    hot_wait_count(&hot, "imported", 1);
    config = read_config();
    json_object_set_new(object_of(config, "system"), "hot_folders", json_pack("[s]", hot.staging));
    write_config(config);
    wait_watched(hot.staging, true);
    wait_watched(hot.hot, false);
}

/* What the document lists when the host starts is watched. */
static void test_start(void **state)
{
    (void)state;
    hot_add(&hot, hot.hot);
    must(jmt_host_stop(&hot.studio.host));
    must(jmt_host_restart(&hot.studio.host));
    wait_watched(hot.hot, true);
    expect_listed(hot.hot, true);
    hot_pass(&hot);
}

/* Files are known, and are imported when it is allowed again. */
static void test_auto_import(void **state)
{
    (void)state;
    hot_add(&hot, hot.hot);
    hot_pass(&hot);
    set_auto_import(false);
    free(photo_write(hot.hot, "held.jpg", "held"));
    free(photo_write(hot.hot, "held too.jpg", "held too"));
    hot_wait_count(&hot, "pending", 2);
    char *asked = photo_write(hot.staging, "asked for.jpg", "asked for");
    json_decref(
        ask(&hot.studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", asked)));
    assert_int_equal(hot_total(&hot), 2);
    hot_wait_count(&hot, "pending", 2);
    set_auto_import(true);
    hot_wait_count(&hot, "imported", 3);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(hot_total(&hot), 4);
    free(asked);
}

int main(void)
{
#define with_studio(test) cmocka_unit_test_setup_teardown(test, open_hot, close_hot)
    const struct CMUnitTest tests[] = {
        with_studio(test_routes_are_kept),
        with_studio(test_document_counts),
        with_studio(test_start),
        with_studio(test_auto_import),
    };
    return cmocka_run_group_tests_name("hot folder settings", tests, NULL, NULL);
}
