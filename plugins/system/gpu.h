/* A graphics processor of NVIDIA, through the driver's own library where the machine has one.
 *
 * The library is loaded at run time, once; nothing links it. All of this runs in one job at a time,
 * because the driver may take its time. [worker] */
#ifndef SYSTEM_GPU_H
#define SYSTEM_GPU_H

#include <stdbool.h>

struct gpu {
    bool available;
    char name[96];
    char message[128]; /* why it is not available */
    double temperature_celsius;
    double load_percent;
    double memory_used_mb;
    double memory_total_mb;
};

struct gpu_driver {
    void *library; /* NULL: not loaded */
    bool tried;
};

/* Measure the first graphics processor. */
void gpu_read(struct gpu_driver *driver, struct gpu *gpu_out);

/* Unload the library. [loop, when no job runs] */
void gpu_fini(struct gpu_driver *driver);

#endif
