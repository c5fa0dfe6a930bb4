/* Its constructor never returns. */
#include "fixture.h"
#include "hang_ctor_manifest.h"

#include <unistd.h>

__attribute__((constructor)) static void construct(void)
{
    for (;;)
        pause();
}

FIXTURE_PLUGIN(fixture_ok, fixture_ok);
