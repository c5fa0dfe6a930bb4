/* Runs scenarios: see bench_run.h. */
#include "bench_run.h"

#include "client/error.h"
#include "client/host.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOAD_MS 180000

static const char *args_of(const struct bench_scenario *scenario,
                           const struct bench_options *options, unsigned index)
{
    return options->quick ? scenario->quick[index] : scenario->args[index];
}

static double number_of(json_t *report, const char *name)
{
    return json_number_value(json_object_get(report, name));
}

static struct bench_sample sample_of(json_t *report, enum bench_figure figure)
{
    struct bench_sample sample = {
        .cpu_s_per_million = number_of(report, "cpu_s_per_million"),
        .p50_ms = number_of(report, "p50_ms"),
        .p99_ms = number_of(report, "p99_ms"),
        .p999_ms = number_of(report, "p999_ms"),
        .bytes_per_client = number_of(report, "bytes_per_client"),
        .acked_per_s = number_of(report, "acked_per_s"),
    };
    sample.figure = figure == BENCH_BYTES_A_CLIENT   ? sample.bytes_per_client
                    : figure == BENCH_P99_MS         ? sample.p99_ms
                    : figure == BENCH_ACKED_A_SECOND ? sample.acked_per_s
                                                     : sample.cpu_s_per_million;
    return sample;
}

static int read_report(struct jmt_process *process, enum bench_figure figure,
                       struct bench_sample *sample_out)
{
    char line[4096];
    if (jmt_process_line(process, line, sizeof line, LOAD_MS) < 0)
        return -1;
    json_t *report = json_loads(line, 0, NULL);
    const char *broken = json_string_value(json_object_get(report, "broken"));
    int result = 0;
    if (!broken)
        result = jmt_error_set("bench-load printed no report but \"%.200s\"", line);
    else if (*broken)
        result = jmt_error_set("%s", broken);
    else
        *sample_out = sample_of(report, figure);
    json_decref(report);
    return result;
}

/* One bench-load against a running server. */
static int run_load(const struct jmt_host *host, const struct bench_scenario *scenario,
                    const struct bench_options *options, bool beside,
                    struct bench_sample *sample_out)
{
    char program[sizeof options->program_dir + 16], port[16], pid[16];
    const char *argv[8 + BENCH_MAX_ARGS + 3] = {program, "--port", port, "--server-pid", pid};
    struct jmt_process process;
    unsigned count = 5;
    snprintf(program, sizeof program, "%s/bench-load", options->program_dir);
    snprintf(port, sizeof port, "%d", host->port);
    snprintf(pid, sizeof pid, "%d", (int)host->process.pid);
    if (options->two_cores) {
        argv[count++] = "--core";
        argv[count++] = "1";
    }
    for (unsigned i = 0; i < BENCH_MAX_ARGS && args_of(scenario, options, i); ++i)
        argv[count++] = args_of(scenario, options, i);
    for (unsigned i = 0; beside && scenario->beside[i]; ++i)
        argv[count++] = scenario->beside[i];
    if (jmt_process_start(&process, argv, NULL) < 0)
        return -1;
    int result = read_report(&process, scenario->figure, sample_out);
    jmt_process_kill(&process);
    return result;
}

/* The second run of the same server, in which others are beside, against the first. */
static int run_beside(const struct jmt_host *host, const struct bench_scenario *scenario,
                      const struct bench_options *options, struct bench_sample *sample)
{
    double alone = sample->figure;
    if (run_load(host, scenario, options, true, sample) < 0)
        return -1;
    if (alone <= 0)
        return jmt_error_set("the run used no CPU time that could be measured");
    sample->figure = (sample->figure / alone - 1) * 100;
    return 0;
}

static int start_server(struct jmt_host *host_out, bool floor, const struct bench_options *options)
{
    char program[sizeof options->program_dir + 16];
    if (!floor)
        return jmt_host_start(host_out, NULL);
    snprintf(program, sizeof program, "%s/bench-floor", options->program_dir);
    return jmt_host_start_program(host_out, program, NULL);
}

static void run_once(struct bench_seat *seat, bool floor, const struct bench_scenario *scenario,
                     const struct bench_options *options)
{
    struct bench_sample *sample = &seat->samples[seat->count];
    struct jmt_host host;
    int result = start_server(&host, floor, options);
    if (result == 0)
        result = run_load(&host, scenario, options, false, sample);
    if (result == 0 && scenario->beside[0])
        result = run_beside(&host, scenario, options, sample);
    if (result == 0)
        result = jmt_host_stop(&host);
    if (result == 0)
        ++seat->count;
    else
        snprintf(seat->broken, sizeof seat->broken, "%s", jmt_error_text());
    jmt_host_fini(&host);
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Sorts one field of all samples, which lies `offset` bytes in, and returns the middle one. */
static double sort_field(const struct bench_seat *seat, size_t offset, double sorted_out[])
{
    for (unsigned i = 0; i < seat->count; ++i)
        memcpy(&sorted_out[i], (const char *)&seat->samples[i] + offset, sizeof(double));
    qsort(sorted_out, seat->count, sizeof(double), compare);
    unsigned middle = seat->count / 2;
    return seat->count % 2 ? sorted_out[middle] : (sorted_out[middle - 1] + sorted_out[middle]) / 2;
}

static void take_medians(struct bench_seat *seat)
{
    double sorted[BENCH_MAX_REPEATS];
    if (seat->count == 0)
        return;
    for (size_t at = 0; at < sizeof seat->median; at += sizeof(double)) {
        double middle = sort_field(seat, at, sorted);
        memcpy((char *)&seat->median + at, &middle, sizeof middle);
    }
    sort_field(seat, 0, sorted);
    seat->least = sorted[0];
    seat->most = sorted[seat->count - 1];
}

void bench_run(struct bench_outcome *outcome_out, const struct bench_scenario *scenario,
               const struct bench_options *options)
{
    struct bench_seat *floor = &outcome_out->seats[0];
    struct bench_seat *judged = &outcome_out->seats[1];
    *outcome_out = (struct bench_outcome){.scenario = scenario};
    floor->name = scenario->keeps ? NULL : "floor";
    judged->name = !options->self ? "junmaid" : scenario->keeps ? NULL : "floor again";
    for (unsigned i = 0; i < options->repeats; ++i) {
        if (floor->name && floor->broken[0] == '\0')
            run_once(floor, true, scenario, options);
        if (judged->name && judged->broken[0] == '\0')
            run_once(judged, options->self, scenario, options);
    }
    take_medians(floor);
    take_medians(judged);
}

bool bench_outcome_broke(const struct bench_outcome *outcome)
{
    return outcome->seats[0].broken[0] != '\0' || outcome->seats[1].broken[0] != '\0';
}
