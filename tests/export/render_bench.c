/* export-render-bench FILE [COUNT]: how many photographs a second the task `render` finishes with one
 * process for each processor, as workers are, how much CPU each takes and how much memory at most,
 * beside vipsthumbnail and ImageMagick's convert on the same file. Nothing is written to a disk. */
#include "task/render.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUTS_MAX 3
#define LARGE "\"format\":\"JPEG\",\"quality\":85,\"max_dimension\":2048"
#define MEDIUM "\"format\":\"JPEG\",\"quality\":85,\"max_dimension\":1024"
#define SMALL "\"format\":\"JPEG\",\"quality\":85,\"max_dimension\":320"

struct figures {
    double wall_s;
    double cpu_s;
    long peak_kib;
    long early_kib; /* the peak after a tenth of the work: what is beyond has grown */
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_of(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
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
    (void)run;
    (void)json;
    return JM_OK;
}

static void take_failure(const jm_task_run *run, jm_span sentence)
{
    (void)run;
    fprintf(stderr, "export-render-bench: %.*s\n", (int)sentence.len, sentence.ptr);
}

/* One worker: renders `count` times and tells its early peak through the pipe. */
static int work(const char *path, const char *outputs, int count, int pipe_fd)
{
    char request[1024];
    int fds[1 + OUTPUTS_MAX] = {open(path, O_RDONLY | O_CLOEXEC)};
    struct rusage usage;
    for (int i = 1; i <= OUTPUTS_MAX; i++) {
        fds[i] = memfd_create("output", MFD_CLOEXEC);
    }
    snprintf(request, sizeof request, "{\"source\":{\"fd\":0},\"outputs\":[%s]}", outputs);
    const jm_task_run run = {
        .size = sizeof run,
        .fd_count = 1 + OUTPUTS_MAX,
        .fds = fds,
        .request = {request, strlen(request)},
        .progress = take_progress,
        .cancelled = never_cancelled,
        .result = take_result,
        .fail = take_failure,
    };
    if (fds[0] < 0 || render_setup() != JM_OK) {
        return 1;
    }
    for (int i = 0; i < count; i++) {
        if (render_task(&run) != JM_OK) {
            return 1;
        }
        if (i == count / 10) {
            getrusage(RUSAGE_SELF, &usage);
            if (write(pipe_fd, &usage.ru_maxrss, sizeof usage.ru_maxrss) < 0) {
                return 1;
            }
        }
    }
    return 0;
}

static void collect(int children, struct figures *figures)
{
    for (int i = 0; i < children; i++) {
        struct rusage usage;
        int status = 0;
        if (wait4(-1, &status, 0, &usage) < 0 || status != 0) {
            fprintf(stderr, "export-render-bench: a process failed\n");
            exit(1);
        }
        figures->cpu_s += cpu_of(&usage);
        figures->peak_kib =
            usage.ru_maxrss > figures->peak_kib ? usage.ru_maxrss : figures->peak_kib;
    }
}

static struct figures measure_task(const char *path, const char *outputs, int count, int workers)
{
    struct figures figures = {0};
    int pipe_fds[2];
    double start = now_s();
    if (pipe(pipe_fds) != 0) {
        exit(1);
    }
    for (int i = 0; i < workers; i++) {
        if (fork() == 0) {
            _exit(work(path, outputs, count / workers, pipe_fds[1]));
        }
    }
    collect(workers, &figures);
    figures.wall_s = now_s() - start;
    for (int i = 0; i < workers; i++) {
        long early = 0;
        if (read(pipe_fds[0], &early, sizeof early) == sizeof early) {
            figures.early_kib = early > figures.early_kib ? early : figures.early_kib;
        }
    }
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return figures;
}

/* A program for each photograph, as many at a time as there are workers. */
static struct figures measure_program(char *const command[], int count, int workers)
{
    struct figures figures = {0};
    double start = now_s();
    int running = 0;
    for (int i = 0; i < count; i++) {
        if (running == workers) {
            collect(1, &figures);
            running--;
        }
        if (fork() == 0) {
            execvp(command[0], command);
            _exit(127);
        }
        running++;
    }
    collect(running, &figures);
    figures.wall_s = now_s() - start;
    return figures;
}

static bool is_installed(const char *program)
{
    char command[80];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

static void print_figures(const char *name, const struct figures *figures, int count)
{
    printf("%-34s %6.2f a second  %.3f CPU s each  peak %4ld MiB\n", name, count / figures->wall_s,
           figures->cpu_s / count, figures->peak_kib / 1024);
}

static void compare(const char *path, int count, int workers, const struct figures *task)
{
    char output[] = "/tmp/export-render-bench-XXXXXX.jpg";
    int fd = mkstemps(output, 4);
    char with_quality[64];
    snprintf(with_quality, sizeof with_quality, "%s[Q=85]", output);
    char *const thumbnail[] = {"vipsthumbnail", (char *)path, "-s", "2048", "-o",
                               with_quality,    NULL};
    char *const convert[] = {"convert",  (char *)path, "-auto-orient", "-resize", "2048x2048",
                             "-quality", "85",         output,         NULL};
    if (is_installed(thumbnail[0])) {
        struct figures other = measure_program(thumbnail, count, workers);
        print_figures("vipsthumbnail", &other, count);
        printf("    the task makes %.2f times as many a second (aim: 1.3)\n",
               other.wall_s / task->wall_s);
    }
    if (is_installed(convert[0])) {
        int few = count / 5 > 0 ? count / 5 : 1;
        struct figures other = measure_program(convert, few, workers);
        print_figures("ImageMagick convert", &other, few);
        printf("    the task makes %.2f times as many a second\n",
               other.wall_s / few / (task->wall_s / count));
    }
    close(fd);
    unlink(output);
}

/* Three presets of one photograph, together and one by one. */
static void measure_presets(const char *path, int count, int workers)
{
    static const char *const each[] = {"{\"fd\":1," LARGE "}", "{\"fd\":1," MEDIUM "}",
                                       "{\"fd\":1," SMALL "}"};
    double apart_s = 0;
    for (int i = 0; i < 3; i++) {
        struct figures one = measure_task(path, each[i], count, workers);
        apart_s += one.cpu_s;
    }
    struct figures together = measure_task(
        path, "{\"fd\":1," LARGE "},{\"fd\":2," MEDIUM "},{\"fd\":3," SMALL "}", count, workers);
    print_figures("task, 2048 + 1024 + 320 px", &together, count);
    printf("    %.2f of the CPU of three exports (aim: at most 0.75)\n", together.cpu_s / apart_s);
}

int main(int argc, char **argv)
{
    int count = argc > 2 ? atoi(argv[2]) : 500;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int workers = processors > 0 && processors < 64 ? (int)processors : 1;
    if (argc < 2 || count < 10 * workers) {
        fprintf(stderr, "usage: export-render-bench FILE [COUNT], COUNT at least %d\n",
                10 * workers);
        return 2;
    }
    count -= count % workers;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%s, to a JPEG of 2048 px, %d at a time, %d times\n", argv[1], workers, count);
    struct figures task = measure_task(argv[1], "{\"fd\":1," LARGE "}", count, workers);
    print_figures("task", &task, count);
    printf("    aims: 0.22 CPU s, 120 MiB; after a tenth of them the peak was %ld MiB\n",
           task.early_kib / 1024);
    int some = count / 5 < 10 * workers ? 10 * workers : count / 5;
    struct figures sharp =
        measure_task(argv[1], "{\"fd\":1," LARGE ",\"sharpen_amount\":50}", some, workers);
    print_figures("task, sharpened by 50", &sharp, some);
    struct figures shortly = measure_task(argv[1], "{\"fd\":1," LARGE "}", some, workers);
    compare(argv[1], some, workers, &shortly);
    measure_presets(argv[1], some, workers);
    return 0;
}
