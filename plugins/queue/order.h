/* Which job is next, and when a failed one comes again: arithmetic without a clock or a store. Pure. */
#ifndef QUEUE_ORDER_H
#define QUEUE_ORDER_H

#include <junmai/types.h>
#include <stdbool.h>

#define PRIORITY_MIN 1
#define PRIORITY_MAX 10

/* The job of the lowest rank is next. A job gains one step of priority for each step_ms that it waits;
 * as all waiting jobs age alike, their order never changes, and the rank is a constant of the job. */
int64_t order_rank(int64_t created_ms, int32_t priority, int64_t step_ms);

/* What the priority formula looks at. */
struct order_photo {
    double ai_score; /* negative: none */
    jm_span context_tag;
    int64_t age_ms; /* how long the job has waited */
    bool user_requested;
};

/* 1 to 7 of what the formula reaches. */
int32_t order_formula(const struct order_photo *photo);

/* How long a job waits after its attempt number `attempt` (from 1) has failed: base_ms doubled for
 * each further one, at most cap_ms, of which a random half to whole. `random` is in [0, 1). */
int64_t order_back_off_ms(int32_t attempt, int64_t base_ms, int64_t cap_ms, double random);

#endif
