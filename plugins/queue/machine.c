/* The table. What it does not name is refused. */
#include "machine.h"

#include <junmai/sdk/span.h>

static const struct machine_step steps[QUEUE_CANCELLED + 1][EVENT_COUNT] =
    {
        [QUEUE_PENDING] =
            {
                [EVENT_START] = {QUEUE_PROCESSING, 0},
                [EVENT_CANCEL] = {QUEUE_CANCELLED, 0},
                [EVENT_PRIORITISE] = {QUEUE_PENDING, 0},
                [EVENT_REMOVE] = {QUEUE_REMOVED, 0},
            },
        [QUEUE_PROCESSING] =
            {
                [EVENT_PROGRESS] = {QUEUE_PROCESSING, 0},
                [EVENT_COMPLETE] = {QUEUE_COMPLETED, DO_END_ATTEMPT},
                [EVENT_FAIL_AGAIN] = {QUEUE_PENDING, DO_END_ATTEMPT | DO_BACK_OFF},
                [EVENT_FAIL_LAST] = {QUEUE_FAILED, DO_END_ATTEMPT},
                [EVENT_CANCEL] = {QUEUE_CANCELLED, DO_END_ATTEMPT | DO_TELL_EXECUTOR},
            },
        [QUEUE_FAILED] =
            {
                [EVENT_RETRY] = {QUEUE_PENDING, 0},
                [EVENT_REMOVE] = {QUEUE_REMOVED, 0},
            },
        [QUEUE_CANCELLED] =
            {
                [EVENT_RETRY] = {QUEUE_PENDING, 0},
                [EVENT_REMOVE] = {QUEUE_REMOVED, 0},
            },
};

static const char *const names[] = {
    [QUEUE_PENDING] = "pending", [QUEUE_PROCESSING] = "processing", [QUEUE_COMPLETED] = "completed",
    [QUEUE_FAILED] = "failed",   [QUEUE_CANCELLED] = "cancelled",
};

struct machine_step machine_step(int32_t state, enum machine_event event)
{
    if (state < QUEUE_PENDING || state > QUEUE_CANCELLED || event >= EVENT_COUNT)
        return (struct machine_step){0, 0};
    return steps[state][event];
}

enum machine_event machine_failure(int32_t attempt, int32_t last_attempt, bool is_final)
{
    return is_final || attempt >= last_attempt ? EVENT_FAIL_LAST : EVENT_FAIL_AGAIN;
}

const char *machine_state_name(int32_t state)
{
    return state < QUEUE_PENDING || state > QUEUE_CANCELLED ? "unknown" : names[state];
}

int32_t machine_state_named(jm_span name)
{
    for (int32_t state = QUEUE_PENDING; state <= QUEUE_CANCELLED; state++) {
        if (jm_span_is(name, names[state]))
            return state;
    }
    return 0;
}
