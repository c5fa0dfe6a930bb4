/* /proc/stat, /proc/meminfo, /proc/cpuinfo, /proc/loadavg. */
#include "sample.h"

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than what is looked for takes, on the largest machines. */
#define FILE_BYTES 65536

/* The text behind `prefix` at the start of a line, or NULL. */
static const char *find_line(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    while (text != NULL && strncmp(text, prefix, length) != 0) {
        text = strchr(text, '\n');
        text = text == NULL ? NULL : text + 1;
    }
    return text == NULL ? NULL : text + length;
}

/* user nice system idle iowait irq softirq steal; guests are in user and nice already. */
static void read_times(const char *at, struct cpu_times *times)
{
    *times = (struct cpu_times){0, 0};
    for (int column = 0; column < 8; column++) {
        char *end;
        uint64_t ticks = strtoull(at, &end, 10);
        if (end == at)
            return;
        times->total += ticks;
        if (column != 3 && column != 4)
            times->busy += ticks;
        at = end;
    }
}

void sample_parse_stat(const char *text, struct sample *sample)
{
    const char *all = find_line(text, "cpu ");
    sample->core_count = 0;
    if (all != NULL)
        read_times(all, &sample->all);
    while (sample->core_count < SAMPLE_CORES_MAX && text != NULL &&
           (text = find_line(text, "cpu")) != NULL) {
        if (*text < '0' || *text > '9')
            continue;
        const char *behind_number = strchr(text, ' ');
        if (behind_number != NULL)
            read_times(behind_number, &sample->cores[sample->core_count++]);
        text = behind_number;
    }
}

static double read_kib(const char *text, const char *name)
{
    const char *at = find_line(text, name);
    return at == NULL ? 0 : strtod(at, NULL);
}

void sample_parse_meminfo(const char *text, struct sample *sample)
{
    sample->memory_total_mb = sample_rounded(read_kib(text, "MemTotal:") / 1024);
    sample->memory_available_mb = sample_rounded(read_kib(text, "MemAvailable:") / 1024);
}

void sample_parse_cpuinfo(const char *text, struct sample *sample)
{
    const char *at = find_line(text, "cpu MHz");
    at = at == NULL ? NULL : strchr(at, ':');
    sample->frequency_mhz = at == NULL ? 0 : sample_rounded(strtod(at + 1, NULL));
}

void sample_parse_loadavg(const char *text, struct sample *sample)
{
    char *at = (char *)text;
    for (int i = 0; i < 3; i++)
        sample->load[i] = strtod(at, &at);
}

static void read_file(const char *path, void (*parse)(const char *, struct sample *),
                      struct sample *sample)
{
    char *text = calloc(1, FILE_BYTES);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    ssize_t got = 1;
    while (text != NULL && fd >= 0 && got > 0 && used < FILE_BYTES - 1) {
        got = read(fd, text + used, FILE_BYTES - 1 - used);
        used += got > 0 ? (size_t)got : 0;
    }
    if (text != NULL) {
        text[used] = '\0';
        parse(text, sample);
    }
    if (fd >= 0)
        close(fd);
    free(text);
}

void sample_read(struct sample *sample_out)
{
    *sample_out = (struct sample){0};
    read_file("/proc/stat", sample_parse_stat, sample_out);
    read_file("/proc/meminfo", sample_parse_meminfo, sample_out);
    read_file("/proc/cpuinfo", sample_parse_cpuinfo, sample_out);
    read_file("/proc/loadavg", sample_parse_loadavg, sample_out);
}

double sample_percent(const struct cpu_times *before, const struct cpu_times *after)
{
    if (after->total <= before->total || after->busy < before->busy)
        return 0;
    double busy = (double)(after->busy - before->busy);
    return sample_rounded(100 * fmin(1, busy / (double)(after->total - before->total)));
}

double sample_rounded(double value)
{
    return round(value * 10) / 10;
}
