/* What a process has used so far, read from /proc. */
#ifndef JMT_USAGE_H
#define JMT_USAGE_H

#include <sys/types.h>

/* CPU seconds of all its living threads, to the nanosecond where the kernel counts them; or -1. */
double jmt_usage_cpu_s(pid_t pid);

/* Resident memory in KiB; or -1. */
long jmt_usage_rss_kib(pid_t pid);

#endif
