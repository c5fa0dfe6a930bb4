/* Provides and requires whatever its manifest says. One source, several plugins: NEEDS_PROVIDES and
 * NEEDS_REQUIRES are ids of services, where they are defined. */
#include NEEDS_MANIFEST
#include "fixture.h"

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    jm_status status = JM_OK;
    const jm_host_service *service = fixture_table(JM_EXT_SERVICE);
#ifdef NEEDS_PROVIDES
    static const int table = 1;
    status = service->provide(fixture_host, NEEDS_PROVIDES, &table, NULL);
#endif
#ifdef NEEDS_REQUIRES
    const jm_service_slot *slot;
    if (status >= 0)
        status = service->require(fixture_host, NEEDS_REQUIRES, &slot);
#endif
    (void)service;
    return status;
}

FIXTURE_PLUGIN(init, fixture_ok);
