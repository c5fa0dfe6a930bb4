/* Many files at once. */
#include "hotfolder.h"

#include <stdio.h>

#define CROWD 500

static void test_crowd(void **state)
{
    struct hot_studio hot;
    char name[32];
    (void)state;
    hot_open(&hot, NULL);
    for (int i = 0; i < CROWD; i++) {
        snprintf(name, sizeof name, "crowd %d.jpg", i);
        free(photo_write(hot.staging, name, name));
    }
    hot_add(&hot, hot.hot);
    hot_run((const char *const[]){"/bin/cp", "-r", hot.staging, hot.hot, NULL});
    hot_wait_count(&hot, "imported", CROWD);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(hot_total(&hot), CROWD);
    json_t *status = hot_status(&hot, hot.hot);
    expect_int(status, "failed", 0);
    json_decref(status);
    hot_close(&hot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_crowd)};
    return cmocka_run_group_tests_name("hot folder crowd", tests, NULL, NULL);
}
