/* Every state with every event. */
#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <junmai/sdk/span.h>

/* What must happen, written down a second time and another way than the table: by event. */
static int32_t expected(int32_t state, enum machine_event event)
{
    bool waits = state == QUEUE_PENDING;
    bool runs = state == QUEUE_PROCESSING;
    bool is_over_in_vain = state == QUEUE_FAILED || state == QUEUE_CANCELLED;
    switch (event) {
    case EVENT_START:
        return waits ? QUEUE_PROCESSING : 0;
    case EVENT_PROGRESS:
        return runs ? QUEUE_PROCESSING : 0;
    case EVENT_COMPLETE:
        return runs ? QUEUE_COMPLETED : 0;
    case EVENT_FAIL_AGAIN:
        return runs ? QUEUE_PENDING : 0;
    case EVENT_FAIL_LAST:
        return runs ? QUEUE_FAILED : 0;
    case EVENT_CANCEL:
        return waits || runs ? QUEUE_CANCELLED : 0;
    case EVENT_RETRY:
        return is_over_in_vain ? QUEUE_PENDING : 0;
    case EVENT_PRIORITISE:
        return waits ? QUEUE_PENDING : 0;
    case EVENT_REMOVE:
        return waits || is_over_in_vain ? QUEUE_REMOVED : 0;
    default:
        return 0;
    }
}

static void every_state_and_event(void **unused)
{
    (void)unused;
    for (int32_t state = QUEUE_PENDING; state <= QUEUE_CANCELLED; state++) {
        for (int event = 0; event < EVENT_COUNT; event++) {
            struct machine_step step = machine_step(state, (enum machine_event)event);
            if (step.next != expected(state, (enum machine_event)event))
                fail_msg("%s, event %d: %d", machine_state_name(state), event, step.next);
        }
    }
}

/* An attempt ends exactly where a running job stops running. */
static void attempts_end(void **unused)
{
    (void)unused;
    for (int32_t state = QUEUE_PENDING; state <= QUEUE_CANCELLED; state++) {
        for (int event = 0; event < EVENT_COUNT; event++) {
            struct machine_step step = machine_step(state, (enum machine_event)event);
            bool leaves = state == QUEUE_PROCESSING && step.next != 0 && step.next != state;
            assert_int_equal((step.actions & DO_END_ATTEMPT) != 0, leaves);
        }
    }
}

static void actions(void **unused)
{
    (void)unused;
    assert_true(machine_step(QUEUE_PROCESSING, EVENT_FAIL_AGAIN).actions & DO_BACK_OFF);
    assert_true(machine_step(QUEUE_PROCESSING, EVENT_CANCEL).actions & DO_TELL_EXECUTOR);
    assert_false(machine_step(QUEUE_PENDING, EVENT_CANCEL).actions & DO_TELL_EXECUTOR);
}

/* Nothing leads out of completed: a completion is recorded once. */
static void completed_is_the_end(void **unused)
{
    (void)unused;
    for (int event = 0; event < EVENT_COUNT; event++)
        assert_int_equal(machine_step(QUEUE_COMPLETED, (enum machine_event)event).next, 0);
}

static void nonsense_is_refused(void **unused)
{
    (void)unused;
    assert_int_equal(machine_step(0, EVENT_START).next, 0);
    assert_int_equal(machine_step(QUEUE_REMOVED, EVENT_START).next, 0);
    assert_int_equal(machine_step(QUEUE_PENDING, EVENT_COUNT).next, 0);
}

static void failures(void **unused)
{
    (void)unused;
    assert_int_equal(machine_failure(1, 3, false), EVENT_FAIL_AGAIN);
    assert_int_equal(machine_failure(2, 3, false), EVENT_FAIL_AGAIN);
    assert_int_equal(machine_failure(3, 3, false), EVENT_FAIL_LAST);
    assert_int_equal(machine_failure(1, 1, false), EVENT_FAIL_LAST);
    assert_int_equal(machine_failure(1, 3, true), EVENT_FAIL_LAST);
}

static void names(void **unused)
{
    (void)unused;
    for (int32_t state = QUEUE_PENDING; state <= QUEUE_CANCELLED; state++)
        assert_int_equal(machine_state_named(jm_span_of(machine_state_name(state))), state);
    assert_int_equal(machine_state_named(JM_SPAN("odd")), 0);
    assert_string_equal(machine_state_name(77), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_and_event),
        cmocka_unit_test(attempts_end),
        cmocka_unit_test(actions),
        cmocka_unit_test(completed_is_the_end),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(failures),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
