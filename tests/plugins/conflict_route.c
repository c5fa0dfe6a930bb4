/* Two plugins of this one source register the same route under different parameter names. */
#include CONFLICT_MANIFEST
#include "fixture.h"

static jm_status answer(void *user, const jm_request *request)
{
    (void)user;
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    return http->respond(fixture_host, request->id, 200,
                         fixture_span("{\"owner\":\"" CONFLICT_NAME "\"}"));
}

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    const jm_route route = {.size = sizeof route,
                            .method = "GET",
                            .path = "/conflict/{" CONFLICT_NAME "}",
                            .help = "Whose is it?",
                            .fn = answer};
    return http->add_route(fixture_host, &route);
}

FIXTURE_PLUGIN(init, fixture_ok);
