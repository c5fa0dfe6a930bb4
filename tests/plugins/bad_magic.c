/* Its entry has another magic number: a plugin for some other host, or for a later major version. */
#include "bad_magic_manifest.h"
#include "fixture.h"

FIXTURE_CREATE(fixture_ok, fixture_ok)
FIXTURE_ENTRY(0x4a4d5032u, sizeof(jm_entry), JM_ABI_MAJOR);
