/* The bench's table and JSON: see bench_report.h. */
#include "bench_report.h"

#include <stdio.h>
#include <string.h>

/* The judged server's figure divided by the floor's; 0 where there is nothing to divide. */
static double ratio_of(const struct bench_outcome *outcome)
{
    const struct bench_seat *floor = &outcome->seats[0];
    const struct bench_seat *judged = &outcome->seats[1];
    if (outcome->scenario->figure == BENCH_ADDED_PERCENT || floor->count == 0 ||
        judged->count == 0 || floor->median.figure <= 0)
        return 0;
    return judged->median.figure / floor->median.figure;
}

static bool is_met(const struct bench_outcome *outcome)
{
    const struct bench_scenario *scenario = outcome->scenario;
    double figure = outcome->seats[1].median.figure;
    switch (scenario->rule) {
    case BENCH_RATIO_AT_MOST:
        return ratio_of(outcome) > 0 && ratio_of(outcome) <= scenario->target;
    case BENCH_AT_MOST:
        return figure <= scenario->target;
    case BENCH_AT_LEAST:
        return figure >= scenario->target;
    }
    return false;
}

static void write_target(const struct bench_scenario *scenario, char *text_out, size_t bytes)
{
    bool ratio = scenario->rule == BENCH_RATIO_AT_MOST;
    snprintf(text_out, bytes, "%s %g %s",
             scenario->rule == BENCH_AT_LEAST ? ">=" : "<=", scenario->target,
             ratio ? "x floor" : bench_figure_unit(scenario->figure));
}

void bench_report_head(void)
{
    printf("%-12s %-12s %8s %8s %8s %9s %9s %9s   %-32s %7s  %-18s %s\n", "scenario", "server",
           "CPU s/M", "p50 ms", "p99 ms", "p99.9 ms", "B/client", "acked/s", "figure (spread)",
           "ratio", "target", "met");
}

/* A number of the table, or a dash where the scenario does not measure it. */
static void print_cell(bool measured, int width, int decimals, double number)
{
    if (measured)
        printf(" %*.*f", width, decimals, number);
    else
        printf(" %*s", width, "-");
}

static void print_seat(const struct bench_outcome *outcome, unsigned index)
{
    const struct bench_scenario *scenario = outcome->scenario;
    const struct bench_seat *seat = &outcome->seats[index];
    const struct bench_sample *median = &seat->median;
    char figure[64], ratio[16] = "", target[32] = "";
    bool memory = scenario->figure == BENCH_BYTES_A_CLIENT;
    snprintf(figure, sizeof figure, "%.3g %s (%.3g..%.3g)", median->figure,
             bench_figure_unit(scenario->figure), seat->least, seat->most);
    if (index == 1)
        write_target(scenario, target, sizeof target);
    if (index == 1 && ratio_of(outcome) > 0)
        snprintf(ratio, sizeof ratio, "%.2f", ratio_of(outcome));
    printf("%-12s %-12s", scenario->name, seat->name);
    print_cell(!memory, 8, 3, median->cpu_s_per_million);
    print_cell(!memory, 8, 3, median->p50_ms);
    print_cell(!memory, 8, 3, median->p99_ms);
    print_cell(!memory, 9, 3, median->p999_ms);
    print_cell(memory, 9, 0, median->bytes_per_client);
    print_cell(!memory, 9, 0, median->acked_per_s);
    printf("   %-32s %7s  %-18s %s\n", figure, ratio, target,
           index == 0        ? ""
           : is_met(outcome) ? "yes"
                             : "no");
}

void bench_report_outcome(const struct bench_outcome *outcome)
{
    for (unsigned i = 0; i < BENCH_SEATS; ++i) {
        const struct bench_seat *seat = &outcome->seats[i];
        if (seat->broken[0] != '\0')
            printf("%-12s %-12s BROKEN: %s\n", outcome->scenario->name, seat->name, seat->broken);
        else if (seat->name)
            print_seat(outcome, i);
    }
    fflush(stdout);
}

static json_t *seat_json(const struct bench_seat *seat)
{
    const struct bench_sample *median = &seat->median;
    return json_pack("{s:s, s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:s}", "server",
                     seat->name, "runs", (int)seat->count, "figure", median->figure, "least",
                     seat->least, "most", seat->most, "cpu_s_per_million",
                     median->cpu_s_per_million, "p50_ms", median->p50_ms, "p99_ms", median->p99_ms,
                     "p999_ms", median->p999_ms, "bytes_per_client", median->bytes_per_client,
                     "acked_per_s", median->acked_per_s, "broken", seat->broken);
}

json_t *bench_report_json(const struct bench_outcome *outcome)
{
    char target[32];
    json_t *seats = json_array();
    for (unsigned i = 0; i < BENCH_SEATS; ++i) {
        if (outcome->seats[i].name)
            json_array_append_new(seats, seat_json(&outcome->seats[i]));
    }
    write_target(outcome->scenario, target, sizeof target);
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:b, s:o}", "scenario", outcome->scenario->name,
                     "about", outcome->scenario->about, "unit",
                     bench_figure_unit(outcome->scenario->figure), "target", target, "ratio",
                     ratio_of(outcome), "met", is_met(outcome), "servers", seats);
}
