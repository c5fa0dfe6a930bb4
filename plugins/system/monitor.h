/* The resource monitor: samples of the machine on a timer, and what follows from them.
 *
 * Samples are taken by jobs of the thread pool, so that neither a network mount nor a driver that
 * hangs holds up the loop: processors and memory in one, disks in another, the graphics processor in
 * a third. Each job runs once at a time; the values shown are the last ones.
 * Sampling goes on as long as the plugin is active. "Monitoring", which clients start and stop, is
 * whether a sample goes into the history and the performance log, and may warn. */
#ifndef SYSTEM_MONITOR_H
#define SYSTEM_MONITOR_H

#include "disks.h"
#include "gpu.h"
#include "history.h"
#include "judge.h"
#include "sample.h"

#include <junmai/types.h>

struct system_core;

/* The machine as it was last seen. Memory in MiB. */
struct snapshot {
    int64_t at_ms; /* UTC; 0: not seen yet */
    double cpu_percent;
    double core_percent[SAMPLE_CORES_MAX];
    size_t core_count;
    double frequency_mhz;
    double load[3];
    double memory_total_mb;
    double memory_used_mb;
    double memory_available_mb;
    double memory_percent;
    struct disks disks;
    struct gpu gpu;
    enum machine_state state;
};

struct monitor {
    jm_id timer;
    struct snapshot now;
    struct history history;
    struct sample before; /* the sample that `now` was made of */
    struct sample fresh;  /* these three: their job's, while it runs */
    struct disks fresh_disks;
    struct gpu fresh_gpu;
    bool sampling; /* these three: whether the job runs */
    bool asking_disks;
    bool asking_gpu;
    struct gpu_driver driver; /* the gpu job's */
    struct warning cpu, memory, gpu_warning, disk;
    uint64_t idle_since_ms; /* monotonic; 0: not idle */
    uint64_t logged_ms;     /* monotonic; when the performance log had its last line */
};

/* Begin to sample, now and at the interval of the limits; call again when that has changed.
 * [loop & active] */
jm_status monitor_start(struct system_core *core);

/* Whether samples are kept and judged; kept over restarts, on at first. */
bool monitor_is_on(const struct system_core *core);
jm_status monitor_switch(struct system_core *core, bool on);

/* Seconds since which the processors have had nothing to do; 0 where they have. */
double monitor_idle_s(const struct system_core *core);

#endif
