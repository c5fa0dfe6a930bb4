/* Its constructor ends the process, before any code of the host can look at the entry. */
#include "crash_ctor_manifest.h"
#include "fixture.h"

#include <stdlib.h>

__attribute__((constructor)) static void construct(void)
{
    abort();
}

FIXTURE_PLUGIN(fixture_ok, fixture_ok);
