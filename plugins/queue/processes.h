/* What this process and its children take, as the system says. */
#ifndef QUEUE_PROCESSES_H
#define QUEUE_PROCESSES_H

#include <jansson.h>

/* {"pid", "cpu_seconds", "memory_kib", "processes": [{"pid", "name", "cpu_seconds", "memory_kib"}]};
 * NULL when out of memory. */
json_t *processes_describe(void);

#endif
