/* init() ends the process: the host's last words must name it. */
#include "crash_init_manifest.h"
#include "fixture.h"

#include <signal.h>

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    raise(SIGSEGV);
    return JM_OK;
}

FIXTURE_PLUGIN(init, fixture_ok);
