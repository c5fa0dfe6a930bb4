/*
 * The scenarios. Sizes are chosen so that one full run takes seconds on one core; events carry 200
 * bytes of data; 64 publishers keep one request outstanding each.
 */
#include "bench_scenarios.h"

#include <stddef.h>

const struct bench_scenario bench_scenarios[] = {
    {
        .name = "fanout-100",
        .about = "100 subscribers, as many events as 64 publishers get answered",
        .args = {"--subscribers", "100", "--events", "60000", "--warmup", "6000"},
        .quick = {"--subscribers", "100", "--events", "10000", "--warmup", "2000"},
        .figure = BENCH_CPU_PER_MILLION,
        .rule = BENCH_RATIO_AT_MOST,
        .target = 1.4,
    },
    {
        .name = "fanout-1000",
        .about = "1,000 subscribers, as many events as 64 publishers get answered",
        .args = {"--subscribers", "1000", "--events", "12000", "--warmup", "1200"},
        .quick = {"--subscribers", "1000", "--events", "2000", "--warmup", "400"},
        .figure = BENCH_CPU_PER_MILLION,
        .rule = BENCH_RATIO_AT_MOST,
        .target = 1.3,
    },
    {
        .name = "rate-1000",
        .about = "1,000 subscribers, 100 events a second",
        .args = {"--subscribers", "1000", "--events", "300", "--warmup", "30", "--rate", "100"},
        .quick = {"--subscribers", "1000", "--events", "60", "--warmup", "10", "--rate", "100"},
        .figure = BENCH_P99_MS,
        .rule = BENCH_RATIO_AT_MOST,
        .target = 1.2,
    },
    {
        .name = "quiet",
        .about = "what 1,000 subscribers of a quiet channel add to fanout-100",
        .args = {"--subscribers", "100", "--events", "60000", "--warmup", "6000"},
        .quick = {"--subscribers", "100", "--events", "10000", "--warmup", "2000"},
        .beside = {"--bystanders", "1000"},
        .figure = BENCH_ADDED_PERCENT,
        .rule = BENCH_AT_MOST,
        .target = 5,
    },
    {
        .name = "idle",
        .about = "10,000 subscribers of a quiet channel (2,000 in a quick run)",
        .args = {"--bystanders", "10000", "--publishers", "1"},
        .quick = {"--bystanders", "2000", "--publishers", "1"},
        .figure = BENCH_BYTES_A_CLIENT,
        .rule = BENCH_AT_MOST,
        .target = 2000,
    },
    {
        .name = "durable",
        .about = "events kept in the store before they are answered, one subscriber",
        .args = {"--subscribers", "1", "--events", "60000", "--warmup", "6000", "--durable"},
        .quick = {"--subscribers", "1", "--events", "10000", "--warmup", "1000", "--durable"},
        .keeps = true,
        .figure = BENCH_ACKED_A_SECOND,
        .rule = BENCH_AT_LEAST,
        .target = 20000,
    },
    {.name = NULL},
};

const char *bench_figure_unit(enum bench_figure figure)
{
    static const char *const units[] = {
        [BENCH_CPU_PER_MILLION] = "CPU s/M", [BENCH_P99_MS] = "p99 ms",
        [BENCH_ADDED_PERCENT] = "% added",   [BENCH_BYTES_A_CLIENT] = "B/client",
        [BENCH_ACKED_A_SECOND] = "acked/s",
    };
    return units[figure];
}
