/* A plugin that does nothing, and does it right. */
#include "fixture.h"
#include "good_manifest.h"

FIXTURE_PLUGIN(fixture_ok, fixture_ok);
