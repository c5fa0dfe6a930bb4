/*
 * Latencies counted in buckets that grow with the value (64 to every doubling, so a percentile is
 * right to 1.6 %). Recording is one increment, cheap enough for millions a second.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS (64 * 40)

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
};

void histogram_add(struct histogram *histogram, int64_t value);

/* The value that `share` (0.99) of all that was added do not exceed; 0 when nothing was. */
int64_t histogram_percentile(const struct histogram *histogram, double share);

#endif
