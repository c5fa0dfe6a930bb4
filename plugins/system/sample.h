/* What the kernel says of processors and memory, in one sample.
 *
 * The readers of text are plain functions; sample_read() opens files of /proc. [worker] */
#ifndef SYSTEM_SAMPLE_H
#define SYSTEM_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#define SAMPLE_CORES_MAX 256

/* Ticks since the machine has started. */
struct cpu_times {
    uint64_t busy;
    uint64_t total;
};

struct sample {
    struct cpu_times all;
    struct cpu_times cores[SAMPLE_CORES_MAX];
    size_t core_count;
    double frequency_mhz; /* of the first core; 0 where it is not told */
    double memory_total_mb;
    double memory_available_mb;
    double load[3]; /* over 1, 5 and 15 minutes */
};

/* Each reads one file's text into its part of the sample. */
void sample_parse_stat(const char *text, struct sample *sample);
void sample_parse_meminfo(const char *text, struct sample *sample);
void sample_parse_cpuinfo(const char *text, struct sample *sample);
void sample_parse_loadavg(const char *text, struct sample *sample);

/* A new sample; what cannot be read is 0. */
void sample_read(struct sample *sample_out);

/* How busy a processor was between two samples, 0 to 100 with one decimal. */
double sample_percent(const struct cpu_times *before, const struct cpu_times *after);

/* A number with one decimal. */
double sample_rounded(double value);

#endif
