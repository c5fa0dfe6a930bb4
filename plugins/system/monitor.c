/* Timer, jobs, and what is made of a sample. */
#include "monitor.h"

#include "events.h"
#include "log_lines.h"
#include "throttle.h"
#include "values.h"

#define MONITORING "monitoring"

bool monitor_is_on(const struct system_core *core)
{
    return values_get_switch(core, MONITORING, true);
}

jm_status monitor_switch(struct system_core *core, bool on)
{
    return values_set(core, MONITORING, json_boolean(on));
}

double monitor_idle_s(const struct system_core *core)
{
    uint64_t since = core->monitor.idle_since_ms;
    uint64_t now = core->api.clock->monotonic_ms(core->host);
    return since == 0 || now < since ? 0 : sample_rounded((double)(now - since) / 1000);
}

/* Fold the fresh sample into what is shown. */
static void see(struct system_core *core, const struct limits *limits)
{
    struct monitor *monitor = &core->monitor;
    const struct sample *fresh = &monitor->fresh;
    const struct sample *before = &monitor->before;
    struct snapshot *now = &monitor->now;
    now->at_ms = core->api.clock->utc_ms(core->host);
    now->cpu_percent = sample_percent(&before->all, &fresh->all);
    now->core_count = fresh->core_count;
    for (size_t i = 0; i < fresh->core_count; i++)
        now->core_percent[i] = sample_percent(&before->cores[i], &fresh->cores[i]);
    now->frequency_mhz = fresh->frequency_mhz;
    memcpy(now->load, fresh->load, sizeof now->load);
    now->memory_total_mb = fresh->memory_total_mb;
    now->memory_available_mb = fresh->memory_available_mb;
    now->memory_used_mb = sample_rounded(fresh->memory_total_mb - fresh->memory_available_mb);
    now->memory_percent = fresh->memory_total_mb > 0
                              ? sample_rounded(100 * now->memory_used_mb / fresh->memory_total_mb)
                              : 0;
    now->state = judge_state(limits, now->cpu_percent, now->memory_percent,
                             now->gpu.available ? now->gpu.temperature_celsius : -1);
    bool idle = now->cpu_percent <= limits->value[LIMIT_IDLE_CPU];
    if (!idle)
        monitor->idle_since_ms = 0;
    else if (monitor->idle_since_ms == 0)
        monitor->idle_since_ms = core->api.clock->monotonic_ms(core->host);
    monitor->before = *fresh;
}

/* What is watched, and by which limits. */
struct watched {
    struct warning *warning;
    const char *type;
    const char *what; /* for the sentence */
    const char *unit;
    double value, limit, critical;
};

static jm_status warn(const struct system_core *core, const struct watched *watched)
{
    char message[512];
    int reached = judge_warning(watched->warning, watched->value, watched->limit, watched->critical,
                                core->options.warning_margin);
    if (reached == 0)
        return JM_OK;
    double limit = reached == 2 ? watched->critical : watched->limit;
    snprintf(message, sizeof message, "%s is at %.1f %s, the %s is %g %s", watched->what,
             watched->value, watched->unit, reached == 2 ? "critical limit" : "limit", limit,
             watched->unit);
    return events_resource_warning(core, watched->type, watched->value, limit, message);
}

static jm_status warn_of_all(struct system_core *core, const struct limits *limits)
{
    struct monitor *monitor = &core->monitor;
    const struct snapshot *now = &monitor->now;
    const double *limit = limits->value;
    char disk[400];
    snprintf(disk, sizeof disk, "The disk of %.380s", now->disks.path ? now->disks.path : "");
    const struct watched all[] = {
        {&monitor->cpu, "cpu", "The processor", "%", now->cpu_percent, limit[LIMIT_CPU],
         limit[LIMIT_CPU_CRITICAL]},
        {&monitor->memory, "memory", "Memory", "%", now->memory_percent, limit[LIMIT_MEMORY],
         limit[LIMIT_MEMORY_CRITICAL]},
        {&monitor->gpu_warning, "gpu", "The graphics processor", "°C",
         now->gpu.available ? now->gpu.temperature_celsius : 0, limit[LIMIT_GPU_TEMP],
         limit[LIMIT_GPU_TEMP_CRITICAL]},
        {&monitor->disk, "disk", disk, "%", now->disks.percent, core->options.disk_limit_percent,
         core->options.disk_critical_percent},
    };
    jm_status status = JM_OK;
    for (size_t i = 0; i < JM_COUNT(all) && status == JM_OK; i++)
        status = warn(core, &all[i]);
    return status;
}

static void remember(struct system_core *core)
{
    const struct snapshot *now = &core->monitor.now;
    const struct history_point point = {
        .at_ms = now->at_ms,
        .cpu_percent = now->cpu_percent,
        .memory_percent = now->memory_percent,
        .gpu_load = now->gpu.load_percent,
        .gpu_temperature = now->gpu.temperature_celsius,
        .state = now->state,
    };
    history_add(&core->monitor.history, &point);
}

static jm_status write_performance(struct system_core *core)
{
    const struct snapshot *now = &core->monitor.now;
    uint64_t clock = core->api.clock->monotonic_ms(core->host);
    uint64_t last = core->monitor.logged_ms;
    if (last != 0 && clock - last < (uint64_t)core->options.performance_every_ms)
        return JM_OK;
    core->monitor.logged_ms = clock;
    char message[128];
    snprintf(message, sizeof message, "cpu %.1f %%, memory %.1f %%, disk %.1f %%, load %.2f",
             now->cpu_percent, now->memory_percent, now->disks.percent, now->load[0]);
    const struct log_line line = {
        .category = "performance",
        .level = now->state == MACHINE_CRITICAL ? "WARNING" : "INFO",
        .logger = "system",
        .function = "resource_sample",
        .message = message,
        .at_ms = now->at_ms,
    };
    jm_status status = log_lines_add(
        core, &line, log_lines_least(core),
        json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:s}", "cpu_percent", now->cpu_percent,
                  "memory_percent", now->memory_percent, "disk_percent", now->disks.percent,
                  "load_1m", now->load[0], "gpu_load", now->gpu.load_percent, "gpu_temperature",
                  now->gpu.temperature_celsius, "state", judge_state_name(now->state)));
    return status == JM_OK ? log_lines_trim(core) : status;
}

static jm_status run_sample(void *user)
{
    struct system_core *core = user;
    sample_read(&core->monitor.fresh);
    return JM_OK;
}

static jm_status on_sampled(void *user, jm_id work, jm_status worked)
{
    struct system_core *core = user;
    struct limits limits;
    (void)work;
    core->monitor.sampling = false;
    if (worked != JM_OK || !core->active)
        return JM_OK;
    limits_read(core, &limits);
    see(core, &limits);
    jm_status status = throttle_follow(core);
    if (status < 0 || !monitor_is_on(core))
        return status;
    remember(core);
    status = warn_of_all(core, &limits);
    return status == JM_OK ? write_performance(core) : status;
}

static jm_status run_disks(void *user)
{
    struct system_core *core = user;
    disks_read(core->options.disk_paths, core->options.disk_path_count, &core->monitor.fresh_disks);
    return JM_OK;
}

static jm_status on_disks(void *user, jm_id work, jm_status worked)
{
    struct monitor *monitor = &((struct system_core *)user)->monitor;
    (void)work;
    monitor->asking_disks = false;
    if (worked == JM_OK)
        monitor->now.disks = monitor->fresh_disks;
    return JM_OK;
}

static jm_status run_gpu(void *user)
{
    struct system_core *core = user;
    gpu_read(&core->monitor.driver, &core->monitor.fresh_gpu);
    return JM_OK;
}

static jm_status on_gpu(void *user, jm_id work, jm_status worked)
{
    struct monitor *monitor = &((struct system_core *)user)->monitor;
    (void)work;
    monitor->asking_gpu = false;
    if (worked == JM_OK)
        monitor->now.gpu = monitor->fresh_gpu;
    return JM_OK;
}

/* Start a job that does not run already; one that cannot be started is tried at the next sample. */
static void start_job(struct system_core *core, bool *running, const char *label, jm_work_fn fn,
                      jm_work_done_fn done)
{
    jm_id work;
    if (!*running)
        *running = core->api.work->submit(core->host, label, fn, done, core, &work) == JM_OK;
}

static jm_status on_tick(void *user, jm_id timer)
{
    struct system_core *core = user;
    struct monitor *monitor = &core->monitor;
    (void)timer;
    start_job(core, &monitor->asking_disks, "ask how full the disks are", run_disks, on_disks);
    start_job(core, &monitor->asking_gpu, "ask the graphics processor", run_gpu, on_gpu);
    start_job(core, &monitor->sampling, "sample processors and memory", run_sample, on_sampled);
    return JM_OK;
}

jm_status monitor_start(struct system_core *core)
{
    struct limits limits;
    struct monitor *monitor = &core->monitor;
    limits_read(core, &limits);
    uint64_t every_ms = (uint64_t)(limits.value[LIMIT_MONITOR_INTERVAL] * 1000);
    if (monitor->timer != 0)
        (void)core->api.timer->stop(core->host, monitor->timer);
    monitor->timer = 0;
    return core->api.timer->start(core->host, "sample the machine", 0, every_ms, on_tick, core,
                                  &monitor->timer);
}
