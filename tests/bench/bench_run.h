/*
 * Runs a scenario against the servers in turn (A B A B) and keeps what each run found. Each run has
 * a server of its own, freshly started, on core 0; the load is on core 1.
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "bench_scenarios.h"

#define BENCH_MAX_REPEATS 25
#define BENCH_SEATS 2

struct bench_options {
    char program_dir[4096]; /* where bench-floor and bench-load are */
    bool quick;
    bool self; /* the floor in both seats */
    bool two_cores;
    unsigned repeats;
};

/* What one run found; `figure` is the one that the scenario is about. */
struct bench_sample {
    double figure;
    double cpu_s_per_million;
    double p50_ms, p99_ms, p999_ms;
    double bytes_per_client;
    double acked_per_s;
};

struct bench_seat {
    const char *name; /* NULL: the seat is empty */
    struct bench_sample samples[BENCH_MAX_REPEATS];
    unsigned count;
    struct bench_sample median; /* of each field by itself */
    double least, most;         /* of the figure */
    char broken[512];           /* what the server did wrong; empty while all is well */
};

struct bench_outcome {
    const struct bench_scenario *scenario;
    struct bench_seat seats[BENCH_SEATS]; /* the floor, and the server that is judged */
};

void bench_run(struct bench_outcome *outcome_out, const struct bench_scenario *scenario,
               const struct bench_options *options);

/* Whether any run of it failed: a loss, a disorder, a server that died. */
bool bench_outcome_broke(const struct bench_outcome *outcome);

#endif
