/* One option of each type, for the tests of configuration files. */
#include "fixture.h"
#include "options_manifest.h"

static jm_status init(const jm_plugin *plugin)
{
    static const jm_option options[] = {
        {"watch", JM_OPTION_BOOL, 0, "true", 0, 0, NULL, "Whether to look for new files."},
        {"depth", JM_OPTION_INT, 0, "3", 0, 10, NULL, "How many folders deep to look."},
        {"settle_s", JM_OPTION_NUMBER, 0, "1.5", 0.1, 60, NULL,
         "How long a file rests, in seconds."},
        {"mode", JM_OPTION_TEXT, 0, "\"copy\"", 0, 0, "copy|move", "What happens to a source."},
        {"folders", JM_OPTION_LIST, 0, "[]", 0, 0, NULL, "Folders to look at."}};
    (void)plugin;
    const jm_host_config *config = fixture_table(JM_EXT_CONFIG);
    return config->declare(fixture_host, options, sizeof options / sizeof *options);
}

FIXTURE_PLUGIN(init, fixture_ok);
