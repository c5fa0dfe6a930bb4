/* init() registers a route and then fails: nothing of it may remain. */
#include "fails_init_manifest.h"
#include "fixture.h"

static jm_status answer(void *user, const jm_request *request)
{
    (void)user, (void)request;
    return JM_OK;
}

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    const jm_route route = {.size = sizeof route,
                            .method = "GET",
                            .path = "/fails_init",
                            .help = "Never there.",
                            .fn = answer};
    jm_status status = http->add_route(fixture_host, &route);
    return status < 0 ? status : fixture_fail(JM_EIO, "the camera bridge is not plugged in");
}

FIXTURE_PLUGIN(init, fixture_ok);
