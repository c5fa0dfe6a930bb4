/* Latencies in growing buckets: see histogram.h. */
#include "histogram.h"

#define STEPS 64 /* buckets to a doubling */
#define STEP_BITS 6

static unsigned bucket_of(uint64_t value)
{
    if (value < STEPS)
        return (unsigned)value;
    unsigned doubling = 63u - (unsigned)__builtin_clzll(value) - STEP_BITS;
    unsigned bucket = (doubling + 1) * STEPS + (unsigned)((value >> doubling) & (STEPS - 1));
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static int64_t top_of(unsigned bucket)
{
    if (bucket < STEPS)
        return bucket;
    unsigned doubling = bucket / STEPS - 1;
    return ((int64_t)(STEPS + bucket % STEPS + 1) << doubling) - 1;
}

void histogram_add(struct histogram *histogram, int64_t value)
{
    ++histogram->counts[bucket_of(value > 0 ? (uint64_t)value : 0)];
    ++histogram->total;
}

int64_t histogram_percentile(const struct histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)histogram->total + 0.5);
    uint64_t passed = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; ++i) {
        passed += histogram->counts[i];
        if (passed > 0 && passed >= wanted)
            return top_of(i);
    }
    return 0;
}
