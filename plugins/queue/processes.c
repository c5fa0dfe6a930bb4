/* The process table of Linux: /proc/PID/stat of this process and of those that it has started. Small
 * reads of a memory file system, which do not block. */
#include "processes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHILDREN_MAX 256

struct figures {
    char name[32];
    double cpu_s;
    long memory_kib;
};

/* Behind the name, in brackets, which may hold anything: utime is field 14, stime 15, rss 24. */
static int read_figures(long pid, struct figures *figures_out)
{
    char path[64];
    char line[1024] = "";
    unsigned long utime = 0;
    unsigned long stime = 0;
    long pages = 0;
    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return -1;
    const char *text = fgets(line, sizeof(line), file);
    (void)fclose(file);
    const char *open = text == NULL ? NULL : strchr(line, '(');
    const char *close = text == NULL ? NULL : strrchr(line, ')');
    if (open == NULL || close == NULL ||
        sscanf(
            close + 1,
            " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u %*u"
            " %ld",
            &utime, &stime, &pages) != 3)
        return -1;
    snprintf(figures_out->name, sizeof(figures_out->name), "%.*s", (int)(close - open - 1),
             open + 1);
    figures_out->cpu_s = (double)(utime + stime) / (double)sysconf(_SC_CLK_TCK);
    figures_out->memory_kib = pages * (sysconf(_SC_PAGESIZE) / 1024);
    return 0;
}

static json_t *figures_json(long pid)
{
    struct figures figures;
    if (read_figures(pid, &figures) < 0)
        return NULL;
    return json_pack("{s:I, s:s, s:f, s:I}", "pid", (json_int_t)pid, "name", figures.name,
                     "cpu_seconds", figures.cpu_s, "memory_kib", (json_int_t)figures.memory_kib);
}

/* Children are listed by thread; the loop thread, which is the first one, starts them all. */
static json_t *children(void)
{
    char path[64];
    json_t *list = json_array();
    long pid;
    snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
    FILE *file = fopen(path, "re");
    for (int i = 0; file != NULL && i < CHILDREN_MAX && fscanf(file, "%ld", &pid) == 1; i++) {
        json_t *child = figures_json(pid);
        if (child != NULL)
            json_array_append_new(list, child);
    }
    if (file != NULL)
        (void)fclose(file);
    return list;
}

json_t *processes_describe(void)
{
    json_t *json = figures_json((long)getpid());
    if (json == NULL)
        json = json_object();
    json_object_set_new(json, "processes", children());
    return json;
}
