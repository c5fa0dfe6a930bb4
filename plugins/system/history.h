/* The last samples of the machine, in memory. */
#ifndef SYSTEM_HISTORY_H
#define SYSTEM_HISTORY_H

#include "judge.h"

#include <stddef.h>
#include <stdint.h>

struct history_point {
    int64_t at_ms; /* UTC */
    double cpu_percent;
    double memory_percent;
    double gpu_load;        /* 0 where there is no gpu */
    double gpu_temperature; /* the same */
    enum machine_state state;
};

struct history {
    struct history_point points[LIMITS_HISTORY_MAX]; /* a ring */
    size_t next;
    size_t count;
};

void history_add(struct history *history, const struct history_point *point);

/* The point `back` steps before the newest (0); NULL where there is none. */
const struct history_point *history_at(const struct history *history, size_t back);

/* Means over the points of the last `minutes`. All numbers are 0 where there is none. */
json_t *history_averages(const struct history *history, int64_t now_ms, int64_t minutes);

/* The newest `limit` points, oldest first. */
json_t *history_json(const struct history *history, size_t limit);

#endif
