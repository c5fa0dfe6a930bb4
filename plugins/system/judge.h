/* What measured values mean: the machine's state, and when a warning is due.
 *
 * Plain functions; no host. */
#ifndef SYSTEM_JUDGE_H
#define SYSTEM_JUDGE_H

#include "limits.h"

#include <stdbool.h>

enum machine_state { MACHINE_NORMAL, MACHINE_IDLE, MACHINE_BUSY, MACHINE_CRITICAL };

/* `gpu_celsius` is negative where there is no gpu. */
enum machine_state judge_state(const struct limits *limits, double cpu_percent,
                               double memory_percent, double gpu_celsius);

/* "normal", "idle", "busy", "critical" */
const char *judge_state_name(enum machine_state state);

/* How fast to work, 0 (not at all) to 1. */
double judge_speed(enum machine_state state);

/* Jobs at once: as the processors allow, and at most `most`. */
int judge_concurrency(enum machine_state state, int cores, int most);

/* How long to wait before the next job is begun. */
double judge_delay_s(enum machine_state state);

/* How far a resource has warned: 0 not at all, 1 its limit, 2 its critical limit. */
struct warning {
    int level;
};

/* Fold in a value. Returns 1 or 2 when the value has now reached that limit and this was not told
 * before, else 0. What was told may be told again once the value has been `margin` below that limit. */
int judge_warning(struct warning *warning, double value, double limit, double critical,
                  double margin);

#endif
