/* What the operator may set. */
#ifndef QUEUE_OPTIONS_H
#define QUEUE_OPTIONS_H

#include <junmai/types.h>
#include <stdint.h>

struct queue;

#define OPTIONS_KINDS_MAX 32

struct queue_options {
    int64_t aging_step_ms;
    int32_t concurrency; /* of all local jobs; at least 1 */
    size_t kind_count;   /* of the two arrays */
    jm_span kinds[OPTIONS_KINDS_MAX];
    int32_t kind_limits[OPTIONS_KINDS_MAX];
    int32_t max_attempts;
    int64_t retry_base_ms;
    int64_t retry_cap_ms;
    int64_t lease_ms;
    int64_t attempt_ms;
};

/* Declare and read the options. [loop & loaded] */
jm_status options_read(struct queue *q);

/* How many jobs of a kind may run at once, as configured; 0: not configured. */
int32_t options_kind_limit(const struct queue_options *options, jm_span kind);

#endif
