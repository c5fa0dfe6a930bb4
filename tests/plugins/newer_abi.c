/* Built for a major version of the ABI that this host does not speak. */
#include "fixture.h"
#include "newer_abi_manifest.h"

FIXTURE_CREATE(fixture_ok, fixture_ok)
FIXTURE_ENTRY(JM_ABI_MAGIC, sizeof(jm_entry), JM_ABI_MAJOR + 1);
