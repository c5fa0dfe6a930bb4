/* What a process has used: see usage.h. */
#include "usage.h"

#include "error.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* /proc/PID/schedstat counts the first thread alone, so each thread's own file is read. */
static double threads_cpu_s(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    if (!threads)
        return -1;
    double total_s = -1;
    struct dirent *entry;
    while ((entry = readdir(threads))) {
        unsigned long long ran_ns;
        char file_path[sizeof path + sizeof entry->d_name + 16];
        snprintf(file_path, sizeof file_path, "%s/%s/schedstat", path, entry->d_name);
        FILE *file = entry->d_name[0] != '.' ? fopen(file_path, "re") : NULL;
        if (!file)
            continue;
        if (fscanf(file, "%llu", &ran_ns) == 1)
            total_s = (total_s < 0 ? 0 : total_s) + (double)ran_ns / 1e9;
        fclose(file);
    }
    closedir(threads);
    return total_s;
}

/* The kernel's clock ticks, for kernels without schedstat. */
static double ticks_cpu_s(pid_t pid)
{
    char path[64];
    char text[1024];
    unsigned long user, kernel;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return jmt_error_set("process %d has no /proc/PID/stat", (int)pid);
    size_t count = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[count] = '\0';
    const char *after_name = strrchr(text, ')');
    if (!after_name ||
        sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
               &kernel) != 2)
        return jmt_error_set("cannot read %s", path);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

double jmt_usage_cpu_s(pid_t pid)
{
    double used_s = threads_cpu_s(pid);
    return used_s >= 0 ? used_s : ticks_cpu_s(pid);
}

static long field_kib(pid_t pid, const char *name, const char *pattern)
{
    char path[64];
    char line[256];
    long value_kib = -1;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    while (value_kib < 0 && fgets(line, sizeof line, file)) {
        if (strncmp(line, pattern, strlen(pattern)) == 0 &&
            sscanf(line + strlen(pattern), "%ld", &value_kib) != 1)
            value_kib = -1;
    }
    fclose(file);
    return value_kib;
}

long jmt_usage_rss_kib(pid_t pid)
{
    /* The roll-up counts pages; VmRSS may lag by some tens of pages a CPU. */
    long rss_kib = field_kib(pid, "smaps_rollup", "Rss:");
    if (rss_kib < 0)
        rss_kib = field_kib(pid, "status", "VmRSS:");
    if (rss_kib < 0)
        return jmt_error_set("cannot read the memory of process %d", (int)pid);
    return rss_kib;
}
