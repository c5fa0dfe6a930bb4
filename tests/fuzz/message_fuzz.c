/* Messages of a client, one on a line: the host answers each, delivers, and forgets the client.
 *
 * Everything but the transport is real: store, log, cursors, protocol. */
#include "host/admin/admin.h"
#include "host/client/clients.h"
#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct jmh_host host;
static struct jmh_identity *identity;

static void flush_nothing(struct jmh_client *client)
{
    (void)client;
}

static void end_nothing(struct jmh_client *client, uint16_t code, const char *reason)
{
    (void)client;
    (void)code;
    (void)reason;
}

static const struct jmh_port ports[] = {{"ws", JMH_FORM_WS, flush_nothing, end_nothing},
                                        {"sse", JMH_FORM_SSE, flush_nothing, end_nothing},
                                        {"poll", JMH_FORM_JSON, flush_nothing, end_nothing}};

static void need(bool made)
{
    if (!made) {
        (void)fputs("message_fuzz: the host could not be made\n", stderr);
        exit(1);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static char folder[] = "/tmp/junmai-fuzz-XXXXXX";
    struct jmh_err err;
    const struct jm_caller caller = {.size = sizeof caller, .kind = JM_CALLER_LOCAL};
    (void)argc;
    (void)argv;
    need(mkdtemp(folder) != NULL);
    (void)setenv("XDG_CONFIG_HOME", folder, 1);
    need(jmh_config_load(&host.config, NULL, &err) == JM_OK);
    const struct jmh_store_options store = {.data_dir = folder};
    host.store = jmh_store_open(&store, &err);
    host.loop = jmh_loop_new();
    host.log = jmh_log_new(1, 1u << 16, 256); /* small, so that cursors are lapped */
    host.channels = jmh_names_new(4096);
    host.types = jmh_names_new(4096);
    host.sets = jmh_sets_new();
    need(host.store != NULL && host.loop != NULL);
    host.reader = jmh_reader_new(host.log, host.store, host.channels, host.types,
                                 jmh_store_epoch(host.store));
    host.turn = jmh_turn_new(host.store, host.log, host.sets, host.channels, host.types);
    host.clients = jmh_clients_new(&host);
    host.registry = jmh_registry_new(&host, jmh_admin_register(&host, &err));
    identity = jmh_identity_new(&caller);
    need(host.reader != NULL && host.registry != NULL && identity != NULL);
    return 0;
}

static void sink(void *user, jm_span json)
{
    (void)user;
    if (!jmh_json_parse(json, NULL)) {
        abort(); /* whatever is handed to a client is JSON */
    }
}

static void deliver(struct jmh_client *client)
{
    struct jmh_run run;
    uint64_t ack;
    if (client->port->form == JMH_FORM_JSON) {
        while (jmh_client_take(client, 16, sink, NULL, &ack) > 0) {
        }
        return;
    }
    do {
        if (jmh_client_next(client, 2048, &run) != JM_OK) {
            abort();
        }
    } while (run.len > 0);
}

static void publish(uint8_t choice)
{
    static const char *const channels[] = {"jobs", "photos", "", "system"};
    struct jmh_err err;
    struct jmh_json_value fields;
    (void)jmh_json_parse(jmh_span("{\"a\":[1,2,{}],\"type\":\"x\"}"), &fields);
    (void)jmh_turn_inject(host.turn, jmh_span("fuzz"), jmh_span(channels[choice % 4]), fields,
                          (choice & 64) != 0, &err);
    jmh_turn_end(host.turn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct jmh_client *client;
    if (size == 0 ||
        jmh_client_open(host.clients, &ports[data[0] % 3], NULL, identity, &client) != JM_OK) {
        return 0;
    }
    const char *at = (const char *)data;
    const char *end = at + size;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((line_end != NULL ? line_end : end) - at);
        jmh_client_receive(client, (jm_span){at, len});
        publish((uint8_t)(len + data[0]));
        if (len % 3 != 0) {
            deliver(client);
        }
        at += len + 1;
    }
    deliver(client);
    jmh_client_close(client);
    return 0;
}
