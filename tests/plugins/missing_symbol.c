/* Calls a function that nobody defines: the linker must say so at load, not at the first call. */
#include "fixture.h"
#include "missing_symbol_manifest.h"

int fixture_that_nobody_defines(void);

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    return fixture_that_nobody_defines();
}

FIXTURE_PLUGIN(init, fixture_ok);
