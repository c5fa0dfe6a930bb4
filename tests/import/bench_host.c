/* Measuring a host; see bench_host.h. */
#include "bench_host.h"

#include "ask.h"
#include "check.h"
#include "client/usage.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_EVERY_MS 400 /* the metric is that of the last second */

/* Field `number` of /proc/PID/stat, counted from 1. */
static long long stat_field(pid_t pid, int number)
{
    char path[64];
    char text[1024] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    const char *at = strrchr(text, ')'); /* the name may have blanks */
    for (int i = 2; at && i < number; i++)
        at = strchr(at + 1, ' ');
    return at ? strtoll(at + 1, NULL, 10) : 0;
}

/* A process, its children that have ended, and those that live. */
static double tree_cpu(pid_t pid)
{
    const double ticks = (double)sysconf(_SC_CLK_TCK);
    const double own = jmt_usage_cpu_s(pid);
    double cpu = (own < 0 ? 0 : own) + (double)(stat_field(pid, 16) + stat_field(pid, 17)) / ticks;
    const struct dirent *entry;
    DIR *processes = opendir("/proc");
    while (processes && (entry = readdir(processes))) {
        const pid_t child = (pid_t)strtol(entry->d_name, NULL, 10);
        if (child > 0 && stat_field(child, 4) == pid)
            cpu += tree_cpu(child);
    }
    if (processes)
        closedir(processes);
    return cpu;
}

double bench_host_cpu(const struct studio *studio)
{
    return tree_cpu(studio->host.process.pid);
}

double bench_host_metric(const struct studio *studio, const char *name)
{
    struct jmt_response response;
    char line[128];
    ask_raw(studio, &(struct jmt_request){.path = "/metrics"}, &response);
    snprintf(line, sizeof line, "\n%s ", name);
    const char *at = response.body ? strstr(response.body, line) : NULL;
    const double value = at ? strtod(at + strlen(line), NULL) : -1;
    jmt_response_fini(&response);
    return value;
}

static json_t *get_job(const struct studio *studio, json_int_t id)
{
    char path[64];
    snprintf(path, sizeof path, "/import/card/%lld", (long long)id);
    return ask(studio, 200, "GET", path, NULL);
}

double bench_host_import(const struct studio *studio, const char *folder, long long files)
{
    double longest = 0;
    json_t *job = ask(studio, 200, "POST", "/import/card", json_pack("{s:s}", "path", folder));
    const json_int_t id = int_of(job, "card_id");
    while (strcmp(text_of(job, "status"), "running") == 0) {
        json_decref(job);
        poll(NULL, 0, LOOK_EVERY_MS); /* a sample, not a wait */
        const double now = bench_host_metric(studio, "junmai_loop_longest_seconds");
        longest = now > longest ? now : longest;
        job = get_job(studio, id);
    }
    const bool whole = int_of(job, "imported") == files;
    json_decref(job);
    return whole ? longest * 1000 : -1;
}
