/* The limits of a task inside its process: processor time and memory, above what the process had used
 * before. Worker's only thread. */
#ifndef JMH_WORKER_LIMITS_H
#define JMH_WORKER_LIMITS_H

#include <stdint.h>

/* Once, after the lockdown. */
void jmh_limits_init(void);
/* 0 is no limit. Beyond the limit of time the process ends with SIGXCPU. Beyond that of memory an
 * allocation fails; a process that dies of that ends with JMH_WIRE_EXIT_MEMORY. */
void jmh_limits_begin(uint32_t cpu_ms, uint32_t memory_mib);
void jmh_limits_end(void);

#endif
