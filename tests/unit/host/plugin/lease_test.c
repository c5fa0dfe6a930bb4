/* Leases: order, ids by kind, and that a dropped one is stale. */
#include "host/plugin/lease.h"

#include "host/plugin/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void take_get_drop(void **state)
{
    (void)state;
    int object;
    struct jmh_plugin plugin = {.leases = jmh_leases_new()};
    assert_non_null(plugin.leases);
    struct jmh_lease *timer = jmh_lease_take(&plugin, JMH_LEASE_TIMER, "tick", &object);
    struct jmh_lease *work = jmh_lease_take(&plugin, JMH_LEASE_WORK, "copy", NULL);
    /* The id of an object of another counter may be one that a timer has. */
    struct jmh_lease *task = jmh_lease_take_id(&plugin, JMH_LEASE_TASK, timer->id, "read", NULL);
    assert_int_not_equal(timer->id, work->id);
    assert_int_equal(jmh_leases_count(&plugin), 3);
    assert_ptr_equal(jmh_leases_first(&plugin), timer);
    assert_ptr_equal(timer->next, work);
    assert_ptr_equal(jmh_lease_get(&plugin, JMH_LEASE_TIMER, timer->id), timer);
    assert_ptr_equal(jmh_lease_get(&plugin, JMH_LEASE_TASK, timer->id), task);
    assert_null(jmh_lease_get(&plugin, JMH_LEASE_WATCH, timer->id));
    assert_ptr_equal(timer->object, &object);
    assert_string_equal(timer->label, "tick");

    jm_id stale = work->id;
    jmh_lease_drop(work);
    assert_null(jmh_lease_get(&plugin, JMH_LEASE_WORK, stale));
    assert_ptr_equal(timer->next, task);
    jmh_lease_drop(timer);
    assert_ptr_equal(jmh_leases_first(&plugin), task);
    jmh_lease_drop(task);
    assert_null(jmh_leases_first(&plugin));
    jmh_lease_drop(NULL);
    jmh_leases_free(plugin.leases);
}

static void no_id_is_used_again(void **state)
{
    (void)state;
    struct jmh_plugin plugin = {.leases = jmh_leases_new()};
    jm_id last = 0;
    for (int i = 0; i < 1000; i++) {
        struct jmh_lease *lease = jmh_lease_take(&plugin, JMH_LEASE_TIMER, "t", NULL);
        assert_true(lease->id > last);
        last = lease->id;
        jmh_lease_drop(lease);
    }
    assert_null(jmh_lease_get(&plugin, JMH_LEASE_TIMER, 0));
    assert_null(jmh_lease_get(&plugin, JMH_LEASE_TIMER, UINT64_MAX));
    jmh_leases_free(plugin.leases);
    plugin.leases = NULL; /* of a plugin that has ended */
    assert_null(jmh_lease_get(&plugin, JMH_LEASE_TIMER, last));
}

static void kinds_have_names(void **state)
{
    (void)state;
    for (int kind = JMH_LEASE_TIMER; kind <= JMH_LEASE_CLIENT; kind++)
        assert_true(strlen(jmh_lease_kind_name((enum jmh_lease_kind)kind)) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(take_get_drop),
        cmocka_unit_test(no_id_is_used_again),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
