/* A session's counters are true whatever is done to the rows: compared with a count after each of
 * many random changes that no function of the plugin would make. */
#include "fixture.h"

#include <stdio.h>

#define CHANGES 2000

static void expect_true_counters(struct fixture *f)
{
    assert_int_equal(
        fakehost_sql(f->host, "SELECT count(*) FROM catalog_sessions s WHERE total_photos <>"
                              " (SELECT count(*) FROM catalog_photos p WHERE p.session_id = s.id)"
                              " OR processed_photos <> (SELECT count(*) FROM catalog_photos p"
                              " WHERE p.session_id = s.id AND p.status IN"
                              " ('completed', 'failed', 'rejected'))"),
        0);
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void change(struct fixture *f, uint32_t *seed, int n)
{
    static const char *const statuses[] = {"imported",  "analyzed", "queued",  "processing",
                                           "completed", "failed",   "rejected"};
    const char *status = statuses[next(seed) % JM_COUNT(statuses)];
    unsigned session = next(seed) % 4; /* 0 is none */
    unsigned photo = next(seed) % 40 + 1;
    char sql[512];
    switch (next(seed) % 5) {
    case 0:
        snprintf(sql, sizeof(sql), "DELETE FROM catalog_photos WHERE id = %u", photo);
        break;
    case 1:
        snprintf(sql, sizeof(sql),
                 "UPDATE catalog_photos SET session_id = nullif(%u, 0), status = '%s'"
                 " WHERE id = %u",
                 session, status, photo);
        break;
    case 2:
        snprintf(sql, sizeof(sql), "UPDATE catalog_photos SET status = '%s' WHERE id %% 3 = %u",
                 status, photo % 3);
        break;
    default:
        snprintf(sql, sizeof(sql),
                 "INSERT OR IGNORE INTO catalog_photos(id, session_id, file_path, file_name,"
                 " file_size, content_hash, import_time, status)"
                 " VALUES(%u, nullif(%u, 0), '/%d', 'n', 0, '%064d', 0, '%s')",
                 photo, session, n, n, status);
        break;
    }
    fakehost_sql(f->host, sql);
}

static void counters_stay_true(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 20251109;
    fixture_session(f, "a");
    fixture_session(f, "b");
    fixture_session(f, "c");
    for (int n = 0; n < CHANGES; n++) {
        change(f, &seed, n);
        expect_true_counters(f);
    }
    assert_true(fakehost_sql(f->host, "SELECT sum(processed_photos) FROM catalog_sessions") > 0);
    fakehost_sql(f->host, "DELETE FROM catalog_sessions WHERE id = 2");
    expect_true_counters(f);
    assert_int_equal(
        fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos WHERE session_id = 2"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counters_stay_true, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
