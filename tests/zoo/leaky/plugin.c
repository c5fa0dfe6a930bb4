/* Loses memory, to see that the tests would notice it in any plugin. [loop] */
#include "fixture.h"
#include "leaky_manifest.h"

#include <stdlib.h>

static void *volatile kept;

static jm_status lose_memory(const jm_plugin *plugin)
{
    (void)plugin;
    kept = malloc(1000);
    kept = NULL;
    return JM_OK;
}

FIXTURE_PLUGIN(lose_memory, fixture_ok);
