/* What the bench prints: a table for people, or one JSON document. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "bench_run.h"

#include <jansson.h>

void bench_report_head(void);
void bench_report_outcome(const struct bench_outcome *outcome);

/* The outcome as an object of the caller's. */
json_t *bench_report_json(const struct bench_outcome *outcome);

#endif
