/*
 * import-bench: what importing costs, each figure beside that of a common tool on the same bytes in
 * the same run. A ratio means something on any machine, a second does not.
 */
#ifndef IMPORT_BENCH_H
#define IMPORT_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_TEXT 256

struct bench {
    bool quick;
    const char *samples; /* JUNMAI_SAMPLES/dev, "" where there are none */
    char *folder;        /* temporary */
    bool failed;
};

/* One line of the result: ours against theirs, and what was aimed at. */
void bench_tell(const char *name, double ours, double theirs, const char *unit, double target,
                const char *what);
/* The same where something is missing. */
void bench_skip(const char *name, const char *why);

/* CPU seconds of this process, and of its children that have ended. */
double bench_cpu_self(void);
double bench_cpu_children(void);
double bench_wall(void);

/* Runs a program (NULL-terminated; its output is thrown away) and returns the CPU seconds that it took,
 * or -1 when it is not there or fails. */
double bench_run(const char *const *argv);
/* The same with its output. */
double bench_run_for(const char *const *argv, char *text_out, size_t room);

double bench_median(double *values, size_t count);

void bench_copy(struct bench *bench);
void bench_metadata(struct bench *bench);
void bench_preview(struct bench *bench);
void bench_photo(struct bench *bench);
void bench_ingest(struct bench *bench);
void bench_card(struct bench *bench);

#endif
