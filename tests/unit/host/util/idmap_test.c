/* Ids to pointers, against an array that knows the truth. */
#include "host/util/idmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define IDS 600
#define STEPS 40000

/* Ids that lie close, that lie apart, and that share their low bits. */
static uint64_t id_of(unsigned number)
{
    switch (number % 3) {
    case 0:
        return number + 1;
    case 1:
        return ((uint64_t)number + 1) << 44;
    default:
        return UINT64_MAX - number;
    }
}

static void check_all(const struct jmh_idmap *map, int *const *truth, size_t count)
{
    size_t cursor = 0, walked = 0;
    const void *value;
    assert_int_equal(map->count, count);
    for (unsigned i = 0; i < IDS; i++) {
        assert_ptr_equal(jmh_idmap_get(map, id_of(i)), truth[i]);
    }
    while ((value = jmh_idmap_next(map, &cursor)) != NULL) {
        walked++;
    }
    assert_int_equal(walked, count);
}

static void agrees_with_a_plain_array(void **state)
{
    struct jmh_idmap map = {0};
    static int values[IDS];
    int *truth[IDS] = {0};
    size_t count = 0;
    (void)state;
    srandom(1);
    for (int step = 0; step < STEPS; step++) {
        unsigned number = (unsigned)random() % IDS;
        bool grows = step / 4000 % 2 == 0;
        if (random() % 10 < (grows ? 7 : 3)) {
            int *value = &values[random() % IDS];
            count += truth[number] == NULL;
            truth[number] = value;
            assert_true(jmh_idmap_put(&map, id_of(number), value));
        } else {
            count -= truth[number] != NULL;
            assert_ptr_equal(jmh_idmap_take(&map, id_of(number)), truth[number]);
            truth[number] = NULL;
        }
        if (step % 500 == 0) {
            check_all(&map, truth, count);
        }
    }
    check_all(&map, truth, count);
    jmh_idmap_fini(&map);
    assert_null(jmh_idmap_get(&map, 1));
    assert_null(jmh_idmap_take(&map, 1));
}

static void knows_nothing_of_zero(void **state)
{
    struct jmh_idmap map = {0};
    int value = 0;
    (void)state;
    assert_null(jmh_idmap_get(&map, 0));
    assert_true(jmh_idmap_put(&map, 5, &value));
    assert_null(jmh_idmap_get(&map, 0));
    assert_null(jmh_idmap_take(&map, 0));
    assert_ptr_equal(jmh_idmap_take(&map, 5), &value);
    jmh_idmap_fini(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_plain_array),
        cmocka_unit_test(knows_nothing_of_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
