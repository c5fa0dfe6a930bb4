/* junmai plugins: which there are, and why one is not at work. */
#include "arguments.h"
#include "exchange.h"
#include "json.h"
#include "table.h"

static const char help[] = "usage: junmai plugins [options]\n"
                           "\n"
                           "List the plugins of the host: name, version, state, and why one was\n"
                           "refused.\n"
                           "\n";

static const char example[] = "Example: junmai plugins --url http://localhost:5101\n";

static void print_table(const json_t *plugins)
{
    struct jmc_table table = {.columns = 4};
    size_t i;
    json_t *plugin;
    jmc_table_add(&table, "NAME");
    jmc_table_add(&table, "VERSION");
    jmc_table_add(&table, "STATE");
    jmc_table_add(&table, "");
    json_array_foreach(plugins, i, plugin)
    {
        const char *reason = jmc_json_text(plugin, "reason");
        jmc_table_add(&table, jmc_json_text(plugin, "name"));
        jmc_table_add(&table, jmc_json_text(plugin, "version"));
        jmc_table_add(&table, jmc_json_text(plugin, "state"));
        jmc_table_add(&table, reason[0] != '\0' ? reason : jmc_json_text(plugin, "description"));
    }
    jmc_table_print(&table, stdout);
    jmc_table_fini(&table);
}

int jmc_plugins(struct jmc_cli *cli, int argc, char **argv)
{
    const struct jmc_arguments arguments = {.help = help, .example = example};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    json_t *answer = jmc_ask(cli, "/plugins", NULL, NULL, &status);
    if (answer != NULL && cli->json) {
        jmc_json_print(answer);
    } else if (answer != NULL) {
        print_table(json_object_get(answer, "plugins"));
        json_decref(answer);
    }
    return status;
}
