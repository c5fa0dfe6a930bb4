/* Declares an option whose default breaks the option's own rule. */
#include "bad_option_manifest.h"
#include "fixture.h"

static jm_status init(const jm_plugin *plugin)
{
    static const jm_option options[] = {
        {"retries", JM_OPTION_INT, 0, "11", 0, 10, NULL, "How often to try again."}};
    (void)plugin;
    const jm_host_config *config = fixture_table(JM_EXT_CONFIG);
    return config->declare(fixture_host, options, 1);
}

FIXTURE_PLUGIN(init, fixture_ok);
