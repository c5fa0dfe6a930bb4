/* State, speed, warnings. */
#include "judge.h"

enum machine_state judge_state(const struct limits *limits, double cpu_percent,
                               double memory_percent, double gpu_celsius)
{
    const double *limit = limits->value;
    bool gpu = gpu_celsius >= 0;
    if (cpu_percent >= limit[LIMIT_CPU_CRITICAL] ||
        memory_percent >= limit[LIMIT_MEMORY_CRITICAL] ||
        (gpu && gpu_celsius >= limit[LIMIT_GPU_TEMP_CRITICAL]))
        return MACHINE_CRITICAL;
    if (cpu_percent >= limit[LIMIT_CPU] || memory_percent >= limit[LIMIT_MEMORY] ||
        (gpu && gpu_celsius >= limit[LIMIT_GPU_TEMP]))
        return MACHINE_BUSY;
    return cpu_percent <= limit[LIMIT_CPU_IDLE] ? MACHINE_IDLE : MACHINE_NORMAL;
}

const char *judge_state_name(enum machine_state state)
{
    static const char *const names[] = {"normal", "idle", "busy", "critical"};
    return names[state];
}

double judge_speed(enum machine_state state)
{
    static const double speeds[] = {0.8, 1, 0.5, 0};
    return speeds[state];
}

int judge_concurrency(enum machine_state state, int cores, int most)
{
    int jobs = cores;
    if (state == MACHINE_CRITICAL)
        return 0;
    if (state == MACHINE_BUSY)
        jobs = cores / 4 > 1 ? cores / 4 : 1;
    else if (state == MACHINE_NORMAL)
        jobs = cores / 2 > 2 ? cores / 2 : 2;
    if (jobs < 1)
        jobs = 1;
    return jobs < most ? jobs : most;
}

double judge_delay_s(enum machine_state state)
{
    static const double delays[] = {0, 0, 2, 10};
    return delays[state];
}

int judge_warning(struct warning *warning, double value, double limit, double critical,
                  double margin)
{
    int reached = value >= critical ? 2 : value >= limit ? 1 : 0;
    if (reached > warning->level) {
        warning->level = reached;
        return reached;
    }
    if (warning->level == 2 && value < critical - margin)
        warning->level = 1;
    if (warning->level == 1 && value < limit - margin)
        warning->level = 0;
    return 0;
}
