/* What is measured: the scenarios, their size, and what each figure should come to. */
#ifndef BENCH_SCENARIOS_H
#define BENCH_SCENARIOS_H

#include <stdbool.h>

enum bench_figure {
    BENCH_CPU_PER_MILLION, /* CPU seconds of the server for a million deliveries */
    BENCH_P99_MS,          /* from publication to delivery, the 99th of 100 */
    BENCH_ADDED_PERCENT,   /* CPU that `beside` adds to the run, in per cent */
    BENCH_BYTES_A_CLIENT,  /* resident memory that a client adds */
    BENCH_ACKED_A_SECOND,  /* publications answered a second */
};

enum bench_rule {
    BENCH_RATIO_AT_MOST, /* the figure divided by the floor's */
    BENCH_AT_MOST,
    BENCH_AT_LEAST,
};

#define BENCH_MAX_ARGS 16

struct bench_scenario {
    const char *name;
    const char *about;
    const char *args[BENCH_MAX_ARGS];  /* of bench-load */
    const char *quick[BENCH_MAX_ARGS]; /* the same for a short run */
    const char *beside[3];             /* added for a second run that is compared with the first */
    bool keeps;                        /* needs a store, which the floor has not */
    enum bench_figure figure;
    enum bench_rule rule;
    double target;
};

extern const struct bench_scenario bench_scenarios[]; /* ends with a NULL name */

const char *bench_figure_unit(enum bench_figure figure);

#endif
