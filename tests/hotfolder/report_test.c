/* What comes into a hot folder in one go has one report. */
#include "hotfolder.h"

#include <stdio.h>
#include <string.h>

static struct hot_studio hot;

static int open_hot(void **state)
{
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    return 0;
}

static int close_hot(void **state)
{
    (void)state;
    hot_close(&hot);
    return 0;
}

/* The reports of hot folders, newest first; a new reference. */
static json_t *hot_reports(void)
{
    size_t i;
    json_t *report;
    json_t *found = json_array();
    json_t *answer = ask(&hot.studio, 200, "GET", "/import/reports", NULL);
    json_array_foreach(list_of(answer, "reports"), i, report)
    {
        if (strcmp(text_of(report, "kind"), "hotfolder") == 0)
            json_array_append(found, report);
    }
    json_decref(answer);
    return found;
}

/* The newest one when it has come to its end, with its verdicts. */
static json_t *ended_report(void)
{
    int64_t deadline_ms = jmt_deadline_after(HOT_PATIENCE_MS);
    json_t *report = NULL;
    bool ended = false;
    do {
        char path[96];
        json_t *reports = hot_reports();
        snprintf(path, sizeof path, "/import/reports/%s",
                 text_of(json_array_get(reports, 0), "import_id"));
        json_decref(reports);
        json_decref(report);
        report = ask(&hot.studio, 200, "GET", path, NULL);
        ended = strcmp(text_of(report, "status"), "done") == 0;
    } while (!ended && hot_again(deadline_ms));
    assert_true(ended);
    return report;
}

static void test_one_go(void **state)
{
    (void)state;
    free(photo_write(hot.hot, "first.jpg", "first"));
    free(photo_write(hot.hot, "same.jpg", "first"));
    free(photo_write(hot.hot, "second.jpg", "second"));
    free(photo_write_raw(hot.hot, "bad.jpg", "no photograph", 13));
    hot_wait_count(&hot, "imported", 3);
    hot_wait_count(&hot, "failed", 1);
    json_t *report = ended_report();
    expect_int(report, "total", 4);
    expect_int(report, "imported", 2);
    expect_int(report, "duplicates", 1);
    expect_int(report, "failed", 1);
    assert_int_equal(json_array_size(list_of(report, "verdicts")), 4);
    json_decref(report);

    /* What comes later has another one. */
    free(photo_write(hot.hot, "third.jpg", "third"));
    hot_wait_count(&hot, "imported", 4);
    json_t *reports = hot_reports();
    assert_int_equal(json_array_size(reports), 2);
    json_decref(reports);
    report = ended_report();
    expect_int(report, "imported", 1);
    expect_text(json_array_get(list_of(report, "verdicts"), 0), "role", "primary");
    json_decref(report);
}

int main(void)
{
#define with_studio(test) cmocka_unit_test_setup_teardown(test, open_hot, close_hot)
    const struct CMUnitTest tests[] = {with_studio(test_one_go)};
    return cmocka_run_group_tests_name("hot folder report", tests, NULL, NULL);
}
