/* Two plugins of this one source export a function of the same name, which answers with a different
 * number in each; each must call its own. The service's table is the function that calls it, and a
 * route tells what it answered. */
#include DUP_MANIFEST
#include "fixture.h"

#include <stdio.h>

JM_EXPORT int helper(void);

int helper(void)
{
    return DUP_NUMBER;
}

/* Through the dynamic linker, like any call of an exported function. */
static int call_helper(void)
{
    return helper();
}

struct dup_service {
    int (*call)(void);
};

static jm_status answer(void *user, const jm_request *request)
{
    (void)user;
    char json[32];
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    snprintf(json, sizeof json, "{\"number\":%d}", call_helper());
    return http->respond(fixture_host, request->id, 200, fixture_span(json));
}

static jm_status init(const jm_plugin *plugin)
{
    static const struct dup_service table = {call_helper};
    (void)plugin;
    const jm_host_service *service = fixture_table(JM_EXT_SERVICE);
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    const jm_route route = {.size = sizeof route,
                            .method = "GET",
                            .path = DUP_PATH,
                            .help = "The number of this one.",
                            .fn = answer};
    jm_status status = service->provide(fixture_host, DUP_SERVICE, &table, NULL);
    return status < 0 ? status : http->add_route(fixture_host, &route);
}

FIXTURE_PLUGIN(init, fixture_ok);
