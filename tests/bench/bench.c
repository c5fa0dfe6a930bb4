/*
 * junmai-bench: compares junmaid with the floor, scenario by scenario, in one run. Fails only when
 * something broke (an event lost or out of order, a server that died); slowness is told, not failed.
 */
#include "bench_report.h"

#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define FULL_REPEATS 5
#define QUICK_REPEATS 3

static const struct option names[] = {
    {"quick", no_argument, NULL, 'q'},     {"self", no_argument, NULL, 's'},
    {"json", no_argument, NULL, 'j'},      {"only", required_argument, NULL, 'o'},
    {"bin", required_argument, NULL, 'b'}, {"repeats", required_argument, NULL, 'r'},
    {"list", no_argument, NULL, 'l'},      {0},
};

static void fail_usage(void)
{
    fprintf(
        stderr,
        "usage: junmai-bench [--quick] [--only NAME] [--bin DIR] [--repeats N] [--json]\n"
        "                    [--self] [--list]\n"
        "  --quick      short runs\n"
        "  --only NAME  one scenario, or all of a kind (fanout, rate)\n"
        "  --bin DIR    where junmaid is (otherwise $JUNMAI_BIN_DIR, or the build's)\n"
        "  --repeats N  runs of each scenario and server, of which the median counts (1 to %d)\n"
        "  --json       one JSON document instead of the table\n"
        "  --self       the floor in both seats: what the bench itself is worth\n"
        "  --list       the names of the scenarios\n",
        BENCH_MAX_REPEATS);
    exit(2);
}

static void list_scenarios(void)
{
    for (const struct bench_scenario *next = bench_scenarios; next->name; ++next)
        printf("%-12s %s\n", next->name, next->about);
}

/* Servers inherit the core and the number of files from this process. */
static void prepare(struct bench_options *options)
{
    struct rlimit files;
    cpu_set_t cores;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    options->two_cores = sysconf(_SC_NPROCESSORS_ONLN) > 1;
    CPU_ZERO(&cores);
    CPU_SET(0, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) < 0)
        options->two_cores = false;
    if (!options->two_cores)
        fprintf(stderr, "junmai-bench: servers and load share a core; compare ratios only\n");

    ssize_t length =
        readlink("/proc/self/exe", options->program_dir, sizeof options->program_dir - 1);
    if (length <= 0) {
        perror("/proc/self/exe");
        exit(2);
    }
    options->program_dir[length] = '\0';
    *strrchr(options->program_dir, '/') = '\0';
}

/* "fanout" stands for fanout-100 and fanout-1000. */
static bool is_chosen(const struct bench_scenario *scenario, const char *only)
{
    size_t length = only ? strlen(only) : 0;
    return !only || (strncmp(scenario->name, only, length) == 0 &&
                     (scenario->name[length] == '\0' || scenario->name[length] == '-'));
}

/* How many scenarios broke; -1 when there was none of that name. */
static int run_all(const struct bench_options *options, const char *only, json_t *document)
{
    static struct bench_outcome outcome;
    int broken = -1;
    for (const struct bench_scenario *next = bench_scenarios; next->name; ++next) {
        if (!is_chosen(next, only))
            continue;
        bench_run(&outcome, next, options);
        broken = (broken > 0 ? broken : 0) + bench_outcome_broke(&outcome);
        if (document)
            json_array_append_new(document, bench_report_json(&outcome));
        else
            bench_report_outcome(&outcome);
    }
    return broken;
}

int main(int argc, char **argv)
{
    static struct bench_options options;
    const char *only = NULL;
    json_t *document = NULL;
    int name;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (name == 'q') {
            options.quick = true;
        } else if (name == 's') {
            options.self = true;
        } else if (name == 'j') {
            document = document ? document : json_array();
        } else if (name == 'o') {
            only = optarg;
        } else if (name == 'b') {
            setenv("JUNMAI_BIN_DIR", optarg, 1);
        } else if (name == 'r') {
            options.repeats = (unsigned)strtoul(optarg, NULL, 10);
        } else if (name == 'l') {
            list_scenarios();
            return 0;
        } else {
            fail_usage();
        }
    }
    if (options.repeats == 0)
        options.repeats = options.quick ? QUICK_REPEATS : FULL_REPEATS;
    if (optind < argc || options.repeats > BENCH_MAX_REPEATS)
        fail_usage();
    prepare(&options);

    if (!document)
        bench_report_head();
    int broken = run_all(&options, only, document);
    if (document)
        json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    json_decref(document);
    if (broken < 0)
        fprintf(stderr, "junmai-bench: there is no scenario %s; --list names them\n", only);
    return broken == 0 ? 0 : 1;
}
