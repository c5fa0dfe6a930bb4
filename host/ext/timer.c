/* junmai.timer/1: each timer is a lease; its id is the lease's. [loop] */
#include "host/ext/ext.h"
#include "host/ext/release.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/plugin/lease.h"

#include <junmai/ext/timer.h>
#include <stdio.h>
#include <stdlib.h>

/* A timer of a plugin that drains waits; it looks again after this time. */
#define FROZEN_MS 100

struct timer {
    struct jmh_lease *lease;
    struct jmh_timer *clock;
    uint64_t repeat_ms;
    jm_timer_fn fn;
    void *user;
};

static void drop(struct timer *timer)
{
    jmh_lease_drop(timer->lease);
    free(timer);
}

static void on_fire(void *user);

/* The clock of a one-shot timer has ended by itself. */
static void look_again(struct timer *timer)
{
    struct jmh_loop *loop = timer->lease->owner->host->loop;
    timer->clock = jmh_timer_start(loop, FROZEN_MS, 0, on_fire, timer);
    if (timer->clock == NULL)
        drop(timer);
}

/* The callback may stop its own timer: nothing of the timer is touched after it. */
static void on_fire(void *user)
{
    struct timer *timer = user;
    struct timer copy = *timer;
    struct jmh_plugin *plugin = timer->lease->owner;
    jm_id id = timer->lease->id;
    bool is_last = timer->repeat_ms == 0;
    if (plugin->state != JMH_PLUGIN_ACTIVE) {
        if (is_last)
            look_again(timer);
        return;
    }
    char label[64];
    snprintf(label, sizeof label, "%s", timer->lease->label);
    if (is_last)
        drop(timer);
    jmh_plugin_enter(plugin, "a timer");
    jm_status status = jmh_plugin_leave(plugin, copy.fn(copy.user, id));
    jmh_ext_complain(plugin, "timer", label, status);
}

static jm_status begin(struct jmh_plugin *plugin, const char *label, uint64_t delay_ms,
                       const struct timer *plan, jm_id *timer_out)
{
    struct timer *timer = malloc(sizeof *timer);
    if (timer == NULL)
        return JM_ENOMEM;
    *timer = *plan;
    timer->lease = jmh_lease_take(plugin, JMH_LEASE_TIMER, label, timer);
    if (timer->lease != NULL)
        timer->clock =
            jmh_timer_start(plugin->host->loop, delay_ms, plan->repeat_ms, on_fire, timer);
    if (timer->clock == NULL) {
        drop(timer);
        return JM_ENOMEM;
    }
    *timer_out = timer->lease->id;
    return JM_OK;
}

static jm_status start(const jm_host *host, const char *label, uint64_t delay_ms,
                       uint64_t repeat_ms, jm_timer_fn fn, void *user, jm_id *timer_out)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "timer.start()", JMH_WHEN_ACTIVE);
    if (status < 0)
        return status;
    struct timer plan = {.repeat_ms = repeat_ms, .fn = fn, .user = user};
    if (label == NULL || label[0] == '\0' || fn == NULL || timer_out == NULL)
        status = jmh_err_set(&err, JM_EINVAL, "timer.start() needs a label, a function and an id");
    else if (begin(jmh_plugin_of(host), label, delay_ms, &plan, timer_out) < 0)
        status = jmh_err_set(&err, JM_ENOMEM, "out of memory for the timer '%.64s'", label);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status stop(const jm_host *host, jm_id timer)
{
    jm_status status = jmh_ext_check(host, "timer.stop()", JMH_WHENEVER);
    if (status < 0)
        return status;
    struct jmh_lease *lease = jmh_lease_get(jmh_plugin_of(host), JMH_LEASE_TIMER, timer);
    if (lease == NULL)
        return JM_EGONE;
    jmh_timer_release(lease);
    return JM_OK;
}

void jmh_timer_release(struct jmh_lease *lease)
{
    struct timer *timer = lease->object;
    jmh_timer_stop(timer->clock);
    drop(timer);
}

const jm_host_timer jmh_ext_timer = {sizeof(jm_host_timer), start, stop};
