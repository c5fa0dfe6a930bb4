/* Reading the tags of a photograph, in the task's own function, without starting a worker: CPU beyond
 * reading its bytes. exiftool reads the same files in one process. */
#include "bench.h"

#include "task/metadata.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 64

static void ignore_progress(const jm_task_run *run, double percent, jm_span detail_json)
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

static jm_status ignore_result(const jm_task_run *run, jm_span json)
{
    (void)run;
    (void)json;
    return JM_OK;
}

static void ignore_failure(const jm_task_run *run, jm_span sentence)
{
    (void)run;
    (void)sentence;
}

static double read_tags(const char *path)
{
    static const char request[] = "{\"name\":\"photograph.jpg\"}";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const jm_task_run run = {
        .size = sizeof run,
        .fd_count = 1,
        .fds = &fd,
        .request = {request, sizeof request - 1},
        .progress = ignore_progress,
        .cancelled = never_cancelled,
        .result = ignore_result,
        .fail = ignore_failure,
    };
    const double before = bench_cpu_self();
    (void)metadata_task(&run);
    const double cpu = bench_cpu_self() - before;
    close(fd);
    return cpu;
}

static double read_bytes(const char *path)
{
    static char chunk[1 << 20];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const double before = bench_cpu_self();
    while (read(fd, chunk, sizeof chunk) > 0) {
    }
    const double cpu = bench_cpu_self() - before;
    close(fd);
    return cpu;
}

static void measure(const glob_t *files, int rounds)
{
    const char *argv[FILES_MAX + 4] = {"exiftool", "-j", "-fast2"};
    const size_t count = files->gl_pathc < FILES_MAX ? files->gl_pathc : FILES_MAX;
    double tags = 0;
    double bytes = 0;
    char what[BENCH_TEXT];
    for (size_t i = 0; i < count; i++)
        argv[3 + i] = files->gl_pathv[i];
    argv[3 + count] = NULL;
    for (int round = -1; round < rounds; round++) { /* the first fills memory */
        for (size_t i = 0; i < count; i++) {
            tags += round < 0 ? 0 * read_tags(argv[3 + i]) : read_tags(argv[3 + i]);
            bytes += round < 0 ? 0 * read_bytes(argv[3 + i]) : read_bytes(argv[3 + i]);
        }
    }
    const double each_ms = (tags - bytes) * 1000 / rounds / (double)count;
    const double theirs_ms = bench_run(argv) * 1000 / (double)count;
    snprintf(what, sizeof what,
             "CPU of %zu files beyond reading them, %.3f ms with it; theirs is exiftool -fast2, "
             "one process",
             count, tags * 1000 / rounds / (double)count);
    bench_tell("metadata", each_ms, theirs_ms, "ms", 1.0, what);
}

void bench_metadata(struct bench *bench)
{
    char pattern[4200];
    glob_t files = {0};
    snprintf(pattern, sizeof pattern, "%s/{jpeg,orientation,raw,heif,other}/*", bench->samples);
    if (bench->samples[0] == '\0' || metadata_setup() != JM_OK ||
        glob(pattern, GLOB_BRACE, NULL, &files) != 0) {
        bench_skip("metadata", "the samples are not there: name them in JUNMAI_SAMPLES");
        return;
    }
    measure(&files, bench->quick ? 5 : 50);
    globfree(&files);
}
