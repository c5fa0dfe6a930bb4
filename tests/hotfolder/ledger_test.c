/* The ledger: what was imported is not even looked at again. */
#include "hotfolder.h"

#include <sys/stat.h>

/* How many rows were written after that time. */
static json_int_t rows_after(const struct hot_studio *hot, json_int_t utc_ms)
{
    return hot_ask_database(hot, "SELECT count(*) FROM import_hot_ledger WHERE utc_ms > ?1",
                            utc_ms);
}

static const char imported_rows[] =
    "SELECT count(*) FROM import_hot_ledger WHERE outcome = 'imported' AND ?1 = ?1";

static void test_restart(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    char *first = photo_write(hot.hot, "first.jpg", "first");
    free(photo_write(hot.hot, "same.jpg", "first"));
    free(photo_write_raw(hot.hot, "bad.jpg", "bad", 3));
    hot_wait_count(&hot, "imported", 2);
    hot_wait_count(&hot, "failed", 1);
    must(jmt_host_stop(&hot.studio.host));
    assert_int_equal(rows_after(&hot, 0), 3);
    json_int_t last =
        hot_ask_database(&hot, "SELECT max(utc_ms) FROM import_hot_ledger WHERE ?1 = ?1", 0);

    must(jmt_host_restart(&hot.studio.host));
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    hot_wait_count(&hot, "imported", 3);
    hot_wait_count(&hot, "failed", 1);
    must(jmt_host_stop(&hot.studio.host));
    assert_int_equal(rows_after(&hot, last), 1);

    /* A file that is touched is looked at again, and stays the photograph that it was. */
    assert_int_equal(chmod(first, 0600), 0);
    must(jmt_host_restart(&hot.studio.host));
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    must(jmt_host_stop(&hot.studio.host));
    assert_int_equal(rows_after(&hot, last), 3);
    assert_int_equal(hot_ask_database(&hot, imported_rows, 0), 3);
    must(jmt_host_restart(&hot.studio.host));
    assert_int_equal(hot_total(&hot), 3);
    free(first);
    hot_close(&hot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_restart)};
    return cmocka_run_group_tests_name("hot folder ledger", tests, NULL, NULL);
}
