/* What the tests of clients and requests share; see bed.h. */
#include "bed.h"

#include "host/plugin/lease.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The registry of the bed: an index and two plugins. */
struct jmh_registry {
    struct bed *bed;
    struct jmh_index *index;
};

static struct jmh_registry registry;

const struct jmh_index *jmh_registry_index(const struct jmh_registry *unused)
{
    (void)unused;
    return registry.index;
}

struct jmh_plugin *jmh_registry_of_path(const struct jmh_registry *unused, jm_span path)
{
    (void)unused;
    if (path.len >= 4 && memcmp(path.ptr, "/off", 4) == 0) {
        return &registry.bed->disabled;
    }
    return path.len >= 3 && memcmp(path.ptr, "/on", 3) == 0 ? &registry.bed->plugin : NULL;
}

static void declare(struct bed *bed, const char *name, const char *channel, int32_t retention,
                    const char *key)
{
    static const jm_field fields[] = {{"id", JM_FIELD_TEXT, 0, "which"}};
    const jm_event_type type = {.size = sizeof type,
                                .retention = retention,
                                .name = name,
                                .channel = channel,
                                .conflate_key = key,
                                .help = "help",
                                .fields = fields,
                                .field_count = 1};
    struct jmh_err err;
    assert_int_equal(jmh_regset_add_type(bed->of_plugin, &type, &err), JM_OK);
}

static void register_things(struct bed *bed)
{
    static const char *const channels[] = {"jobs", "photos", "plain"};
    struct jmh_err err;
    bed->of_host = jmh_regset_new("junmai", NULL);
    bed->of_plugin = jmh_regset_new("plugin", &bed->plugin);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(jmh_regset_add_channel(bed->of_plugin, channels[i], "help", &err), JM_OK);
    }
    declare(bed, "made", "jobs", JM_RETAIN_DURABLE, NULL);
    declare(bed, "progress", "jobs", JM_RETAIN_MEMORY, "id");
    declare(bed, "seen", "plain", JM_RETAIN_MEMORY, NULL);
    bed_index(bed);
}

void bed_index(struct bed *bed)
{
    struct jmh_regset *const sets[] = {bed->of_host, bed->of_plugin};
    struct jmh_err err = {0};
    jmh_index_free(registry.index);
    registry.index = jmh_index_build(sets, 2, &err);
    if (registry.index == NULL) {
        fail_msg("%s", err.text);
    }
}

static void make_parts(struct jmh_host *host, uint64_t first_seq)
{
    host->loop = jmh_loop_new();
    host->log = jmh_log_new(first_seq, 1 << 20, 64);
    host->channels = jmh_names_new(1024);
    host->types = jmh_names_new(1024);
    host->sets = jmh_sets_new();
    host->reader = jmh_reader_new(host->log, host->store, host->channels, host->types,
                                  jmh_store_epoch(host->store));
    host->turn = jmh_turn_new(host->store, host->log, host->sets, host->channels, host->types);
    host->clients = jmh_clients_new(host);
    host->registry = &registry;
}

int bed_setup(void **state)
{
    static char *no_texts[] = {NULL};
    static struct bed bed;
    struct jmh_err err = {0};
    uint64_t first_seq = 0;
    memset(&bed, 0, sizeof bed);
    jmh_trace_level(JM_LOG_ERROR + 1);
    (void)snprintf(bed.dir, sizeof bed.dir, "/tmp/junmai-bed-XXXXXX");
    assert_non_null(mkdtemp(bed.dir));
    const struct jmh_store_options options = {.data_dir = bed.dir};
    bed.host.store = jmh_store_open(&options, &err);
    if (bed.host.store == NULL) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(jmh_store_reserve_seq(bed.host.store, &first_seq, &err), JM_OK);
    bed.host.config.limits.clients = 100;
    bed.host.config.limits.client_buffer_bytes = 16384;
    bed.host.config.limits.stall_timeout_s = 60;
    bed.host.config.limits.subscriptions = 64;
    bed.host.config.listen.origins = bed.host.config.listen.hosts = no_texts;
    make_parts(&bed.host, first_seq);
    bed.plugin = (struct jmh_plugin){.host = &bed.host,
                                     .name = "plugin",
                                     .state = JMH_PLUGIN_ACTIVE,
                                     .leases = jmh_leases_new()};
    bed.disabled = (struct jmh_plugin){.name = "off", .state = JMH_PLUGIN_DISABLED};
    registry.bed = &bed;
    register_things(&bed);
    *state = &bed;
    return 0;
}

static void remove_folder(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            assert_int_equal(unlinkat(dirfd(dir), entry->d_name, 0), 0);
        }
    }
    (void)closedir(dir);
    assert_int_equal(rmdir(path), 0);
}

int bed_teardown(void **state)
{
    struct bed *bed = *state;
    struct jmh_host *host = &bed->host;
    jmh_clients_free(host->clients);
    jmh_turn_free(host->turn);
    jmh_reader_free(host->reader);
    jmh_sets_free(host->sets);
    jmh_log_free(host->log);
    jmh_names_free(host->channels);
    jmh_names_free(host->types);
    assert_int_equal(host->exchanges.count, 0);
    jmh_idmap_fini(&host->exchanges);
    jmh_loop_free(host->loop);
    jmh_store_close(host->store);
    jmh_index_free(registry.index);
    registry.index = NULL;
    assert_int_equal(jmh_leases_count(&bed->plugin), 0);
    jmh_leases_free(bed->plugin.leases);
    jmh_regset_free(bed->of_host);
    jmh_regset_free(bed->of_plugin);
    remove_folder(bed->dir);
    return 0;
}

void bed_publish(struct bed *bed, const char *type, const char *id)
{
    char fields[64];
    struct jmh_err err;
    (void)snprintf(fields, sizeof fields, "{\"id\":\"%s\"}", id);
    assert_int_equal(jmh_turn_publish(bed->host.turn,
                                      jmh_index_type(registry.index, jmh_span(type)),
                                      (jm_span){NULL, 0}, jmh_span(fields), &err),
                     JM_OK);
}

void bed_end_turn(struct bed *bed)
{
    while (!jmh_turn_is_empty(bed->host.turn)) {
        jmh_turn_end(bed->host.turn);
    }
    jmh_clients_flush(bed->host.clients);
}

/* An event under a number that is taken: the store refuses the second one. */
void bed_break_turn(struct bed *bed)
{
    struct jmh_err err;
    const struct jmh_stored_event taken = {.seq = jmh_log_head(bed->host.log) + 1,
                                           .channel = jmh_span("jobs"),
                                           .type = jmh_span("made"),
                                           .body = jmh_span("{}")};
    assert_int_equal(jmh_store_append(bed->host.store, &taken, &err), JM_OK);
    bed_publish(bed, "made", "never");
}

/* Take the frames of a run apart. */
static void keep_frames(struct peer *peer, const struct jmh_run *run)
{
    for (size_t at = 0; at < run->len;) {
        const uint8_t *frame = run->bytes + at;
        size_t head = frame[1] == 127 ? 10 : frame[1] == 126 ? 4 : 2;
        size_t len = head == 2 ? frame[1] : 0;
        for (size_t i = 2; i < head; i++) {
            len = len << 8 | frame[i];
        }
        assert_true(frame[0] == 0x81 && at + head + len <= run->len);
        jmh_buf_add(&peer->got, frame + head, len);
        jmh_buf_add_text(&peer->got, "\n");
        at += head + len;
    }
}

static void flush(struct jmh_client *client)
{
    struct peer *peer = client->port_data;
    struct jmh_run run = {.more = true};
    while (run.more && !peer->blocked) {
        jm_status status = jmh_client_next(client, 65536, &run);
        if (status < 0 && peer->may_fail) {
            return;
        }
        assert_int_equal(status, JM_OK);
        keep_frames(peer, &run);
    }
}

static void end(struct jmh_client *client, uint16_t code, const char *reason)
{
    struct peer *peer = client->port_data;
    peer->ends++;
    peer->code = code;
    (void)snprintf(peer->reason, sizeof peer->reason, "%s", reason);
    if (peer->goes_at_once) {
        jmh_client_close(client);
        peer->client = NULL;
    }
}

static const struct jmh_port port = {
    .name = "test", .form = JMH_FORM_WS, .flush = flush, .end = end};

void peer_open(struct bed *bed, struct peer *peer)
{
    struct jmh_identity *identity = jmh_identity_local(bed->host.clients, jmh_span("127.0.0.1"));
    *peer = (struct peer){0};
    assert_int_equal(jmh_client_open(bed->host.clients, &port, peer, identity, &peer->client),
                     JM_OK);
    jmh_identity_unref(identity);
}

void peer_close(struct peer *peer)
{
    if (peer->client != NULL) {
        jmh_client_close(peer->client);
    }
    jmh_buf_fini(&peer->got);
}

static bool is_time(const char *text)
{
    static const char form[] = "\"0000-00-00T00:00:00.000Z\"";
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !is_digit : text[i] != form[i]) {
            return false;
        }
    }
    return true;
}

const char *peer_got(struct peer *peer)
{
    static char text[65536];
    size_t len = 0;
    jmh_buf_add(&peer->got, "", 1);
    assert_true(peer->got.len < sizeof text);
    for (const char *at = peer->got.data; *at != '\0';) {
        if (is_time(at)) {
            at += 26;
            memcpy(text + len, "\"T\"", 3);
            len += 3;
        } else {
            text[len++] = *at++;
        }
    }
    text[len] = '\0';
    jmh_buf_clear(&peer->got);
    return text;
}

const char *peer_ask(struct bed *bed, struct peer *peer, const char *message)
{
    jmh_client_receive(peer->client, jmh_span(message));
    bed_end_turn(bed);
    return peer_got(peer);
}
