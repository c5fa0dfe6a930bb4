/* activate() starts a timer, and then fails: the timer goes, and the plugin is refused. */
#include "fails_activate_manifest.h"
#include "fixture.h"

static jm_status tick(void *user, jm_id timer)
{
    (void)user, (void)timer;
    return JM_OK;
}

static jm_status activate(const jm_plugin *plugin)
{
    (void)plugin;
    const jm_host_timer *timer = fixture_table(JM_EXT_TIMER);
    jm_id id;
    jm_status status = timer->start(fixture_host, "left behind", 1, 1, tick, NULL, &id);
    return status < 0 ? status : fixture_fail(JM_EBUSY, "the port is in use");
}

FIXTURE_PLUGIN(fixture_ok, activate);
