/* preview-bench FILE [COUNT]: how long the task `thumbnail` takes on a photograph, how much CPU, and
 * how much memory at most, in a process of its own as a worker is. */
#include "task/thumbnail.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void take_progress(const jm_task_run *run, double percent, jm_span detail_json)
{
    (void)run;
    (void)percent;
    (void)detail_json;
}

static int32_t never_cancelled(const jm_task_run *run)
{
    (void)run;
    return 0;
}

static jm_status take_result(const jm_task_run *run, jm_span json)
{
    bool *told = run->run_data;
    if (!*told) {
        printf("%.*s\n", (int)json.len, json.ptr);
    }
    *told = true;
    return JM_OK;
}

static void take_failure(const jm_task_run *run, jm_span sentence)
{
    (void)run;
    fprintf(stderr, "preview-bench: %.*s\n", (int)sentence.len, sentence.ptr);
}

static long peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

int main(int argc, char **argv)
{
    static const char request[] = "{\"sizes\":[200,400,800]}";
    int count = argc > 2 ? atoi(argv[2]) : 50;
    if (argc < 2 || count < 1) {
        fprintf(stderr, "usage: preview-bench FILE [COUNT]\n");
        return 2;
    }
    int fds[4] = {open(argv[1], O_RDONLY | O_CLOEXEC), memfd_create("small", MFD_CLOEXEC),
                  memfd_create("medium", MFD_CLOEXEC), memfd_create("large", MFD_CLOEXEC)};
    bool told = false;
    jm_task_run run = {
        .size = sizeof run,
        .fd_count = 4,
        .fds = fds,
        .request = {request, strlen(request)},
        .run_data = &told,
        .progress = take_progress,
        .cancelled = never_cancelled,
        .result = take_result,
        .fail = take_failure,
    };
    double setup_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    if (thumbnail_setup() != JM_OK) {
        fprintf(stderr, "preview-bench: libvips or gexiv2 cannot be used\n");
        return 1;
    }
    setup_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - setup_s;
    long idle_mib = peak_mib();
    double wall_s = seconds_of(CLOCK_MONOTONIC);
    double cpu_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < count; i++) {
        if (thumbnail_task(&run) != JM_OK) {
            return 1;
        }
    }
    wall_s = seconds_of(CLOCK_MONOTONIC) - wall_s;
    cpu_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_s;
    printf("%d photographs: %.1f per second, %.4f CPU s each, peak %ld MiB (%ld MiB after a setup "
           "of %.3f CPU s)\n",
           count, count / wall_s, cpu_s / count, peak_mib(), idle_mib, setup_s);
    return 0;
}
