/* A real junmaid for a test: see host.h. */
#include "host.h"

#include "buffer.h"
#include "error.h"
#include "usage.h"
#include "wait.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define START_MS 20000
#define STOP_MS 5000
#define FIXED_ARGS 5

static char *text_of(const char *folder, const char *name)
{
    char *text;
    if (asprintf(&text, "%s/%s", folder, name) < 0)
        abort();
    return text;
}

static int make_folders(struct jmt_host *host)
{
    const char *parent = getenv("TMPDIR");
    host->root = text_of(parent && *parent ? parent : "/tmp", "junmai-test-XXXXXX");
    if (!mkdtemp(host->root))
        return jmt_error_set("cannot make %s: %s", host->root, strerror(errno));
    host->data_dir = text_of(host->root, "data");
    host->log_path = text_of(host->root, "stderr.log");
    if (mkdir(host->data_dir, 0700) < 0)
        return jmt_error_set("cannot make %s: %s", host->data_dir, strerror(errno));
    return 0;
}

static void make_argv(struct jmt_host *host, const char *const *extra_argv)
{
    size_t extra = 0;
    while (extra_argv && extra_argv[extra])
        ++extra;
    host->argv = calloc(FIXED_ARGS + extra + 1, sizeof *host->argv);
    if (!host->argv)
        abort();
    const char *fixed[FIXED_ARGS] = {host->program, "--data", host->data_dir, "--port", "0"};
    memcpy(host->argv, fixed, sizeof fixed);
    if (extra > 0)
        memcpy(host->argv + FIXED_ARGS, extra_argv, extra * sizeof *extra_argv);
}

int jmt_host_restart(struct jmt_host *host)
{
    char line[256];
    if (jmt_process_start(&host->process, host->argv, host->log_path) < 0)
        return -1;
    if (jmt_process_line(&host->process, line, sizeof line, START_MS) < 0)
        return jmt_error_set("%s did not say where it listens; its log is %s", host->argv[0],
                             host->log_path);
    if (sscanf(line, "%*s listening on http://127.0.0.1:%d", &host->port) != 1)
        return jmt_error_set("%s said \"%s\" instead of where it listens", host->argv[0], line);
    return 0;
}

int jmt_host_start_program(struct jmt_host *host_out, const char *program,
                           const char *const *extra_argv)
{
    *host_out = (struct jmt_host){.process = {.pid_fd = -1, .stdout_fd = -1}};
    if (make_folders(host_out) < 0)
        return -1;
    host_out->program = strdup(program);
    make_argv(host_out, extra_argv);
    return jmt_host_restart(host_out);
}

int jmt_host_start(struct jmt_host *host_out, const char *const *extra_argv)
{
    const char *folder = getenv("JUNMAI_BIN_DIR");
    char *program = text_of(folder && *folder ? folder : JUNMAI_BIN_DIR, "junmaid");
    int result = jmt_host_start_program(host_out, program, extra_argv);
    free(program);
    return result;
}

int jmt_host_stop(struct jmt_host *host)
{
    if (jmt_process_signal(&host->process, SIGTERM) < 0)
        return -1;
    int status = jmt_process_wait(&host->process, STOP_MS);
    if (status > 0)
        return jmt_error_set("%s ended with %d after SIGTERM", host->argv[0], status);
    return status;
}

void jmt_host_kill(struct jmt_host *host)
{
    jmt_process_kill(&host->process);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void jmt_host_fini(struct jmt_host *host)
{
    jmt_process_kill(&host->process);
    if (host->data_dir)
        nftw(host->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(host->program);
    free(host->argv);
    free(host->root);
    free(host->data_dir);
    free(host->log_path);
    *host = (struct jmt_host){.process = {.pid_fd = -1, .stdout_fd = -1}};
}

void jmt_host_log_mark(struct jmt_host *host)
{
    struct stat info;
    host->log_mark = stat(host->log_path, &info) == 0 ? (long)info.st_size : 0;
}

/* Whether a whole line after the mark contains the text. */
static bool log_contains(const struct jmt_host *host, const char *text)
{
    struct jmt_buffer log = {0};
    FILE *file = fopen(host->log_path, "re");
    if (!file)
        return false;
    size_t got = 1;
    if (fseek(file, host->log_mark, SEEK_SET) == 0) {
        while (got > 0) {
            got = fread(jmt_buffer_reserve(&log, 65536), 1, 65536, file);
            log.used += got;
        }
    }
    fclose(file);
    const char *end = log.used > 0 ? memrchr(log.bytes, '\n', log.used) : NULL;
    bool found = end && memmem(log.bytes, (size_t)(end - log.bytes), text, strlen(text));
    jmt_buffer_fini(&log);
    return found;
}

/* Waits until the log grows or the process ends. */
static int wait_for_log(struct jmt_host *host, int watch_fd, int64_t deadline_ms)
{
    char events[4096];
    if (host->process.pid == 0)
        return jmt_error_set("the host does not run");
    if (jmt_fd_wait_either(watch_fd, host->process.pid_fd, deadline_ms) < 0)
        return -1;
    if (read(watch_fd, events, sizeof events) < 0)
        return jmt_error_set("the host ended");
    return 0;
}

int jmt_host_log_wait(struct jmt_host *host, const char *text, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    int watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch_fd < 0 || inotify_add_watch(watch_fd, host->log_path, IN_MODIFY) < 0) {
        int result = jmt_error_set("cannot watch %s: %s", host->log_path, strerror(errno));
        if (watch_fd >= 0)
            close(watch_fd);
        return result;
    }
    int result = 0;
    while (result == 0 && !log_contains(host, text))
        result = wait_for_log(host, watch_fd, deadline_ms);
    close(watch_fd);
    /* The last lines may have come together with the end of the process or of the time. */
    if (result < 0 && log_contains(host, text))
        result = 0;
    if (result < 0)
        return jmt_error_set("no line of %s contains \"%s\"", host->log_path, text);
    return 0;
}

double jmt_host_cpu_s(const struct jmt_host *host)
{
    return jmt_usage_cpu_s(host->process.pid);
}

long jmt_host_rss_kib(const struct jmt_host *host)
{
    return jmt_usage_rss_kib(host->process.pid);
}
