/* import-bench [--quick] [--only NAME]: see bench.h. Fails only when something broke. */
#include "bench.h"

#include "studio.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const struct {
    const char *name;
    void (*run)(struct bench *bench);
} scenarios[] = {
    {"copy", bench_copy},   {"metadata", bench_metadata}, {"preview", bench_preview},
    {"photo", bench_photo}, {"ingest", bench_ingest},     {"card", bench_card},
};

static double cpu_of(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double bench_cpu_self(void)
{
    return cpu_of(RUSAGE_SELF);
}

double bench_cpu_children(void)
{
    return cpu_of(RUSAGE_CHILDREN);
}

double bench_wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double bench_run_for(const char *const *argv, char *text_out, size_t room)
{
    posix_spawn_file_actions_t actions;
    int ends[2];
    int status = 0;
    pid_t child;
    size_t used = 0;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const double before = bench_cpu_children();
    const int error = posix_spawnp(&child, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    char rest[4096];
    ssize_t got = error == 0 ? 1 : 0;
    while (got > 0) {
        const bool fits = text_out && used + 1 < room;
        got = read(ends[0], fits ? text_out + used : rest, fits ? room - 1 - used : sizeof rest);
        used += fits && got > 0 ? (size_t)got : 0;
    }
    close(ends[0]);
    if (text_out)
        text_out[used] = '\0';
    if (error != 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0)
        return -1;
    return bench_cpu_children() - before;
}

double bench_run(const char *const *argv)
{
    return bench_run_for(argv, NULL, 0);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

void bench_tell(const char *name, double ours, double theirs, const char *unit, double target,
                const char *what)
{
    const bool met = ours <= target;
    printf("%-22s %9.3f %-6s target %7.2f %-7s", name, ours, unit, target, met ? "met" : "MISSED");
    if (theirs > 0)
        printf(" theirs %9.3f, ratio %5.2f", theirs, ours / theirs);
    printf("  (%s)\n", what);
    fflush(stdout);
}

void bench_skip(const char *name, const char *why)
{
    printf("%-22s skipped: %s\n", name, why);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static char samples[PATH_MAX];
    struct bench bench = {.samples = ""};
    const char *only = NULL;
    char path[PATH_MAX];
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0) {
            bench.quick = true;
        } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
            only = argv[++i];
        } else {
            fprintf(stderr, "usage: import-bench [--quick] [--only copy|metadata|preview|photo|"
                            "ingest|card]\n");
            return 2;
        }
    }
    const char *root = getenv("JUNMAI_SAMPLES");
    snprintf(path, sizeof path, "%s/dev", root ? root : REPOSITORY "/../shared/samples");
    if (realpath(path, samples))
        bench.samples = samples;
    bench.folder = studio_folder_new();
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        if (!only || strcmp(only, scenarios[i].name) == 0)
            scenarios[i].run(&bench);
    studio_folder_remove(bench.folder);
    return bench.failed ? 1 : 0;
}
