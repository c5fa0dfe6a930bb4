/* Its entry says that it is shorter than an entry. */
#include "bad_size_manifest.h"
#include "fixture.h"

FIXTURE_CREATE(fixture_ok, fixture_ok)
FIXTURE_ENTRY(JM_ABI_MAGIC, 8, JM_ABI_MAJOR);
