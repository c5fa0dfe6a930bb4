/* A table that is nobody else's, and a service that must be there before it. [loop] */
#include "fixture.h"
#include "neighbour_manifest.h"

static const jm_migration migrations[] = {
    {1, 0, "CREATE TABLE neighbour_secrets (id INTEGER PRIMARY KEY, text TEXT);"}};

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    const jm_host_store *store = fixture_table(JM_EXT_STORE);
    const jm_host_service *service = fixture_table(JM_EXT_SERVICE);
    const jm_service_slot *slot;
    jm_status status = store->migrate(fixture_host, migrations, 1);
    return status < 0 ? status : service->require(fixture_host, "test.partial/1", &slot);
}

FIXTURE_PLUGIN(init, fixture_ok);
