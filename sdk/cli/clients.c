/* junmai clients: who is connected, and to what they listen. */
#include "arguments.h"
#include "exchange.h"
#include "json.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: junmai clients [options]\n"
    "\n"
    "List who is connected to the host. This command itself is not: it asks\n"
    "and goes.\n"
    "\n";

static const char example[] = "Example: junmai clients --json\n";

static void add_list(struct jmc_table *table, const json_t *list)
{
    struct jmc_buffer text = {0};
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *name = json_string_value(item);
        jmc_buffer_add(&text, ",", i > 0 ? 1 : 0);
        jmc_buffer_add(&text, name, name != NULL ? strlen(name) : 0);
    }
    jmc_table_add(table, jmc_buffer_text(&text));
    jmc_buffer_fini(&text);
}

static void print_table(const json_t *clients)
{
    static const char *const heading[] = {"ID",      "TYPE",  "NAME",    "OVER",
                                          "ADDRESS", "SINCE", "CHANNELS"};
    struct jmc_table table = {.columns = sizeof heading / sizeof heading[0]};
    size_t i;
    json_t *client;
    for (size_t column = 0; column < table.columns; column++) {
        jmc_table_add(&table, heading[column]);
    }
    json_array_foreach(clients, i, client)
    {
        char *id = jmc_textf("%lld", jmc_json_int(client, "id"));
        jmc_table_add(&table, id);
        free(id);
        jmc_table_add(&table, jmc_json_text(client, "client_type"));
        jmc_table_add(&table, jmc_json_text(client, "client_name"));
        jmc_table_add(&table, jmc_json_text(client, "transport"));
        jmc_table_add(&table, jmc_json_text(client, "address"));
        jmc_table_add(&table, jmc_json_text(client, "connected_at"));
        add_list(&table, json_object_get(client, "subscriptions"));
    }
    jmc_table_print(&table, stdout);
    jmc_table_fini(&table);
}

int jmc_clients(struct jmc_cli *cli, int argc, char **argv)
{
    const struct jmc_arguments arguments = {.help = help, .example = example};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    json_t *answer = jmc_ask(cli, "/api/websocket/clients", NULL, NULL, &status);
    const json_t *clients = json_object_get(answer, "clients");
    if (answer != NULL && cli->json) {
        jmc_json_print(answer);
        return status;
    }
    if (json_array_size(clients) > 0) {
        print_table(clients);
    } else if (answer != NULL) {
        (void)puts("Nobody is connected.");
    }
    json_decref(answer);
    return status;
}
