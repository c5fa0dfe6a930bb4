/* A timer that walks round the sessions that decisions belong to, some at a time, and asks the
 * catalog whether they are still there. The store alone says where it is needed: no event can be
 * missed. Photographs go with their session only, and no id is ever used again. */
#include "sweep.h"

#include "decisions.h"
#include "follow.h"

#define TICK_MS 5000
#define SESSIONS_AT_ONCE 32
#define FORGOTTEN_AT_ONCE 500

static void ignore(void *user, jm_span json)
{
    (void)user;
    (void)json;
}

/* Look at the next session; *goes_on_out is false at the end of the round, and where there is more
 * to forget than is good for one turn. */
static jm_status step(struct approval_core *core, const catalog_service *catalog, bool *goes_on_out)
{
    int64_t session;
    int64_t count = 0;
    *goes_on_out = false;
    jm_status status = approval_decision_next_session(core, core->swept_session, &session);
    if (status < 0)
        return status;
    if (session == 0) {
        core->swept_session = 0;
        return JM_OK;
    }
    status = catalog->get_session(core->catalog->provider_data, session, ignore, NULL);
    if (status == JM_ENOENT)
        status = approval_decision_forget(core, session, FORGOTTEN_AT_ONCE, &count);
    else
        status = approval_catalog_result(core, status);
    if (status == JM_OK && count < FORGOTTEN_AT_ONCE) {
        core->swept_session = session;
        *goes_on_out = true;
    }
    return status;
}

static jm_status tick(void *user, jm_id timer)
{
    struct approval_core *core = user;
    const catalog_service *catalog = core->catalog->table;
    bool goes_on = catalog != NULL;
    jm_status status = JM_OK;
    (void)timer;
    for (int i = 0; i < SESSIONS_AT_ONCE && goes_on && status == JM_OK; i++)
        status = step(core, catalog, &goes_on);
    /* The queue may have been replaced. */
    return status == JM_OK ? approval_follow_start(core) : status;
}

jm_status approval_sweep_start(struct approval_core *core)
{
    if (core->sweep_timer != 0)
        return JM_OK;
    return core->api.timer->start(core->api.host, "forget decisions of deleted sessions", 0,
                                  TICK_MS, tick, core, &core->sweep_timer);
}

void approval_sweep_stop(struct approval_core *core)
{
    if (core->sweep_timer != 0)
        (void)core->api.timer->stop(core->api.host, core->sweep_timer);
    core->sweep_timer = 0;
}
