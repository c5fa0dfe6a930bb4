/* Switches, recommendations, pause and resume. */
#include "throttle.h"

#include "events.h"
#include "settings.h"
#include "values.h"

#define FOLLOWS "queue_follows"
#define ADJUSTS "queue_adjusts"
#define PAUSED_HERE "queue_paused_here"

static const queue_service *queue_of(const struct system_core *core)
{
    return core->queue_slot->table;
}

void throttle_look(const struct system_core *core, struct queue_view *view_out)
{
    const queue_service *queue = queue_of(core);
    const jm_span all = {NULL, 0};
    *view_out = (struct queue_view){.counts = {.size = sizeof view_out->counts}};
    if (queue == NULL)
        return;
    void *data = core->queue_slot->provider_data;
    view_out->available = queue->count(data, all, &view_out->counts) == JM_OK;
    view_out->paused = queue->is_paused(data) != 0;
}

bool throttle_is_on(const struct system_core *core)
{
    return values_get_switch(core, FOLLOWS, false);
}

bool throttle_adjusts(const struct system_core *core)
{
    return values_get_switch(core, ADJUSTS, true);
}

jm_status throttle_set_adjusts(struct system_core *core, bool on)
{
    jm_status status = values_set(core, ADJUSTS, json_boolean(on));
    return status == JM_OK ? throttle_follow(core) : status;
}

jm_status throttle_switch(struct system_core *core, bool on)
{
    jm_status status = values_set(core, FOLLOWS, json_boolean(on));
    return status == JM_OK ? throttle_follow(core) : status;
}

int throttle_concurrency(const struct system_core *core)
{
    const struct snapshot *now = &core->monitor.now;
    int most = (int)settings_number(core, "/processing/max_concurrent_jobs", 3);
    return judge_concurrency(now->state, (int)now->core_count, most);
}

bool throttle_accepts(const struct system_core *core)
{
    struct queue_view view;
    throttle_look(core, &view);
    return !view.paused && core->monitor.now.state != MACHINE_CRITICAL;
}

static jm_status set_paused(struct system_core *core, bool paused)
{
    const queue_service *queue = queue_of(core);
    jm_status status = queue->set_paused(core->queue_slot->provider_data, paused);
    if (status < 0) {
        jm_span sentence = queue->last_error(core->queue_slot->provider_data);
        return core->api.error->set(core->host, status, sentence);
    }
    return values_set(core, PAUSED_HERE, json_boolean(paused));
}

/* A queue that somebody else has paused stays paused. */
jm_status throttle_follow(struct system_core *core)
{
    if (queue_of(core) == NULL)
        return JM_OK;
    bool follows = throttle_is_on(core) && throttle_adjusts(core);
    bool paused_here = values_get_switch(core, PAUSED_HERE, false);
    bool critical = core->monitor.now.state == MACHINE_CRITICAL;
    if (paused_here && (!follows || !critical))
        return set_paused(core, false);
    if (!follows || !critical || paused_here)
        return JM_OK;
    bool is_paused = queue_of(core)->is_paused(core->queue_slot->provider_data) != 0;
    return is_paused ? JM_OK : set_paused(core, true);
}
