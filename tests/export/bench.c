/*
 * export-bench FILE.jpg [COUNT]: exports through the whole path (HTTP, queue, worker, events) against
 * vipsthumbnail on the same files, in one run: photographs per second, and CPU seconds for each, of the
 * host with its workers. Then three presets of one photograph against three single exports.
 */
#include "check.h"
#include "exported.h"
#include "listen.h"
#include "photos.h"

#include "client/usage.h"
#include "client/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT_MAX 500
#define WAIT_MS 600000

static struct studio studio;
static json_int_t photos[COUNT_MAX];
static char *files[COUNT_MAX + 8];
static const char *sample;
static int count;

/* What a piece of work has cost. */
struct cost {
    double wall_s;
    double cpu_s;
    long worker_kib; /* of the largest worker */
};

static char *read_sample(size_t *bytes_out)
{
    FILE *file = fopen(sample, "re");
    if (!file)
        fail_msg("cannot read %s", sample);
    fseek(file, 0, SEEK_END);
    *bytes_out = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*bytes_out);
    assert_int_equal(fread(bytes, 1, *bytes_out, file), *bytes_out);
    fclose(file);
    return bytes;
}

/* The sample with a comment behind its first marker: a content of its own. */
static void make_files(void)
{
    size_t bytes;
    char *text = read_sample(&bytes);
    char *copy = malloc(bytes + 16);
    for (int i = 0; i < count; i++) {
        char name[32];
        char comment[16];
        snprintf(name, sizeof name, "bench%d.jpg", i);
        snprintf(comment, sizeof comment, "%08d", i);
        memcpy(copy, text, 2);
        memcpy(copy + 2, "\xFF\xFE\x00\x0A", 4);
        memcpy(copy + 6, comment, 8);
        memcpy(copy + 14, text + 2, bytes - 2);
        files[i] = photo_write_raw(studio.photos, name, copy, bytes + 12);
    }
    free(copy);
    free(text);
}

static void import_files(void)
{
    for (int i = 0; i < count; i++) {
        json_t *answer =
            ask(&studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", files[i]));
        photos[i] = int_of(answer, "photo_id");
        json_decref(answer);
    }
}

/* What the workers have used that have ended. */
static double cpu_of_ended(void)
{
    char path[64];
    char text[1024];
    unsigned long user = 0;
    unsigned long kernel = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)studio.host.process.pid);
    FILE *file = fopen(path, "re");
    size_t got = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[got] = '\0';
    const char *after_name = strrchr(text, ')');
    if (!after_name ||
        sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lu %lu",
               &user, &kernel) != 2)
        fail_msg("cannot read %s", path);
    fclose(file);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

/* The host and its workers. */
static double cpu_of_all(long *worker_kib_out)
{
    char path[64];
    int pid;
    double cpu_s = jmt_host_cpu_s(&studio.host) + cpu_of_ended();
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)studio.host.process.pid,
             (int)studio.host.process.pid);
    FILE *children = fopen(path, "re");
    while (children && fscanf(children, "%d", &pid) == 1) {
        double used_s = jmt_usage_cpu_s(pid);
        long kib = jmt_usage_rss_kib(pid);
        cpu_s += used_s > 0 ? used_s : 0;
        *worker_kib_out = kib > *worker_kib_out ? kib : *worker_kib_out;
    }
    if (children)
        fclose(children);
    return cpu_s;
}

static double wall_now_s(void)
{
    return (double)jmt_clock_ms() / 1000;
}

/* Every photograph with these presets; waits for the event of each. */
static struct cost export_all(const char *const *presets, int preset_count)
{
    struct jmt_ws ws;
    struct cost cost = {0};
    json_t *skipped = json_array();
    json_t *names = json_array();
    for (int i = 0; i < preset_count; i++)
        json_array_append_new(names, json_string(presets[i]));
    listen_open(&ws, &studio, "export");
    double cpu_s = cpu_of_all(&cost.worker_kib);
    double wall_s = wall_now_s();
    for (int i = 0; i < count; i++)
        json_decref(ask(&studio, 200, "POST", "/export/auto/multiple",
                        json_pack("{s:I, s:O}", "photo_id", photos[i], "preset_names", names)));
    for (int i = 0; i < count * preset_count; i++) {
        json_t *event;
        must(jmt_ws_wait(&ws, "export_completed", &event, skipped, WAIT_MS));
        json_decref(event);
        json_array_clear(skipped);
    }
    json_decref(skipped);
    cost.wall_s = wall_now_s() - wall_s;
    cost.cpu_s = cpu_of_all(&cost.worker_kib) - cpu_s;
    jmt_ws_fini(&ws);
    json_decref(names);
    return cost;
}

static struct cost run_vipsthumbnail(void)
{
    char *argv[COUNT_MAX + 8] = {"vipsthumbnail", "-s", "2048", "-o", NULL};
    struct rusage before, after;
    struct cost cost = {0};
    int status;
    argv[4] = studio_path(studio.folder, "vt-%s.jpg[Q=85]");
    for (int i = 0; i < count; i++)
        argv[5 + i] = files[i];
    argv[5 + count] = NULL;
    getrusage(RUSAGE_CHILDREN, &before);
    double wall_s = wall_now_s();
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    if (waitpid(pid, &status, 0) < 0 || status != 0)
        fail_msg("vipsthumbnail cannot be run (package libvips-tools)");
    cost.wall_s = wall_now_s() - wall_s;
    getrusage(RUSAGE_CHILDREN, &after);
    cost.cpu_s = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
                 (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6 +
                 (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
                 (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
    free(argv[4]);
    return cost;
}

static void show(const char *what, struct cost cost)
{
    printf("%-28s %6.2f photographs/s  %.3f CPU s each", what, count / cost.wall_s,
           cost.cpu_s / count);
    if (cost.worker_kib > 0)
        printf("  largest worker %ld MiB", cost.worker_kib / 1024);
    printf("\n");
}

static void bench(void **state)
{
    static const char *const one[] = {"b2048"};
    static const char *const three[] = {"b2048", "b1024", "b640"};
    (void)state;
    exported_make(&studio, "b2048", json_pack("{s:i}", "max_dimension", 2048));
    exported_make(&studio, "b1024", json_pack("{s:i}", "max_dimension", 1024));
    exported_make(&studio, "b640", json_pack("{s:i}", "max_dimension", 640));
    make_files();
    import_files();
    (void)export_all(one, 1);
    (void)run_vipsthumbnail();
    struct cost thumbnail = run_vipsthumbnail();
    struct cost single = export_all(one, 1);
    struct cost singles = single;
    for (int i = 1; i < 3; i++) {
        struct cost next = export_all(&three[i], 1);
        singles.cpu_s += next.cpu_s;
        singles.wall_s += next.wall_s;
    }
    struct cost together = export_all(three, 3);
    show("vipsthumbnail 2048", thumbnail);
    show("junmai 2048", single);
    show("junmai 3 presets, apart", singles);
    show("junmai 3 presets, together", together);
    printf("throughput %.2f of vipsthumbnail's; three presets together %.2f of the CPU apart\n",
           thumbnail.wall_s / single.wall_s, together.cpu_s / singles.cpu_s);
}

static int open_studio(void **state)
{
    (void)state;
    exported_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    for (int i = 0; i < count; i++)
        free(files[i]);
    studio_close(&studio);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bench)};
    count = argc > 2 ? atoi(argv[2]) : 40;
    if (argc < 2 || count < 1 || count > COUNT_MAX) {
        fprintf(stderr, "usage: export-bench FILE.jpg [COUNT]\n");
        return 2;
    }
    sample = argv[1];
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
