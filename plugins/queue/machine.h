/* The state machine of a job: what each event does in each state. Pure. */
#ifndef QUEUE_MACHINE_H
#define QUEUE_MACHINE_H

#include <queue/queue.h>
#include <stdbool.h>

#define QUEUE_REMOVED 6 /* the job's row is deleted */

enum machine_event {
    EVENT_START,      /* an attempt begins */
    EVENT_PROGRESS,   /* the attempt lives */
    EVENT_COMPLETE,   /* the attempt succeeded */
    EVENT_FAIL_AGAIN, /* the attempt failed or was lost, and another one is allowed */
    EVENT_FAIL_LAST,  /* it was the last one, or cannot succeed */
    EVENT_CANCEL,     /* somebody does not want the job any more */
    EVENT_RETRY,      /* somebody wants it anew */
    EVENT_PRIORITISE, /* its priority changes */
    EVENT_REMOVE,     /* somebody does not want to see it any more */
    EVENT_COUNT
};

/* What a step brings with it, beside the new state. */
#define DO_END_ATTEMPT 1u
#define DO_BACK_OFF 2u      /* the job waits before its next attempt */
#define DO_TELL_EXECUTOR 4u /* whoever does the job is to stop */

struct machine_step {
    int32_t next; /* 0: refused */
    uint32_t actions;
};

struct machine_step machine_step(int32_t state, enum machine_event event);

/* Which failure it is. `attempt` counts from 1. */
enum machine_event machine_failure(int32_t attempt, int32_t last_attempt, bool is_final);

/* "pending", "processing", … */
const char *machine_state_name(int32_t state);
/* 0 where there is no such state. */
int32_t machine_state_named(jm_span name);

#endif
