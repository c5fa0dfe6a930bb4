/* Saved states of plugins. */
#include "fixture.h"

#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

struct loaded {
    struct fixture *fixture;
    int32_t version;
    char bytes[16];
    size_t len;
    jm_status answer;
};

static jm_status load(void *user, int32_t version, jm_span bytes)
{
    struct loaded *loaded = user;
    loaded->version = version;
    loaded->len = bytes.len;
    memcpy(loaded->bytes, bytes.ptr, bytes.len);
    /* Loading is a time to use the store. */
    assert_int_equal(ask(loaded->fixture, NULL, "SELECT count(*) FROM junmai_states"), 1);
    return loaded->answer;
}

static void state_comes_back_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    struct loaded loaded = {.fixture = fixture};
    const jm_span bytes = {"a\0b", 3};
    assert_int_equal(jmh_store_save_state(fixture->store, "shop", 3, jmh_span("old"), NULL), JM_OK);
    assert_int_equal(jmh_store_save_state(fixture->store, "shop", 4, bytes, NULL), JM_OK);
    assert_int_equal(jmh_store_commit(fixture->store, NULL), JM_OK);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(jmh_store_load_state(fixture->store, "shop", load, &loaded, NULL), JM_OK);
    assert_int_equal(loaded.version, 4);
    assert_int_equal(loaded.len, 3);
    assert_memory_equal(loaded.bytes, "a\0b", 3);
    loaded.answer = JM_EUNSUPPORTED;
    assert_int_equal(jmh_store_load_state(fixture->store, "shop", load, &loaded, NULL),
                     JM_EUNSUPPORTED);
}

static void state_may_be_empty_or_missing(void **state)
{
    struct fixture *fixture = *state;
    struct loaded loaded = {.fixture = fixture, .len = 9};
    assert_int_equal(jmh_store_load_state(fixture->store, "shop", load, &loaded, &fixture->err),
                     JM_ENOENT);
    assert_int_equal(jmh_store_save_state(fixture->store, "shop", 1, (jm_span){NULL, 0}, NULL),
                     JM_OK);
    assert_int_equal(jmh_store_load_state(fixture->store, "shop", load, &loaded, NULL), JM_OK);
    assert_int_equal(loaded.len, 0);
}

static void state_is_limited(void **state)
{
    struct fixture *fixture = *state;
    const size_t limit = 3u << 20;
    char *bytes = calloc(1, limit + 1);
    assert_non_null(bytes);
    assert_int_equal(jmh_store_save_state(fixture->store, "shop", 1, (jm_span){bytes, limit}, NULL),
                     JM_OK);
    assert_int_equal(
        jmh_store_save_state(fixture->store, "shop", 1, (jm_span){bytes, limit + 1}, &fixture->err),
        JM_EINVAL);
    assert_says(fixture, "3145729 bytes");
    free(bytes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(state_comes_back_after_a_restart),
        TEST(state_may_be_empty_or_missing),
        TEST(state_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
