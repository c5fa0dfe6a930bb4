/* Two plugins of this one source export a function of the same name, which answers with a different
 * number in each; each must call its own. The service's table is the function that calls it. */
#include DUP_MANIFEST
#include "fixture.h"

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

static jm_status init(const jm_plugin *plugin)
{
    static const struct dup_service table = {call_helper};
    (void)plugin;
    const jm_host_service *service = fixture_table(JM_EXT_SERVICE);
    return service->provide(fixture_host, DUP_SERVICE, &table, NULL);
}

FIXTURE_PLUGIN(init, fixture_ok);
