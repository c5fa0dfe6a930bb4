/* The host's life: parts are made in one order, and ended in the reverse of it. [loop] */
#include "host/host.h"

#include "host/admin/admin.h"
#include "host/client/clients.h"
#include "host/paths.h"
#include "host/systemd.h"
#include "host/upkeep.h"
#include "host/util/span.h"
#include "host/util/time.h"
#include "host/util/trace.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 65536
#define DRAIN_POLL_MS 20
#define DRAIN_MAX_MS 4000
#define CHAINED_TURNS \
    16 /* turns that the effects of one may begin before others get their chance */

static void mark(void *user, size_t bytes)
{
    struct jmh_host *host = user;
    jmh_loop_mark(host->loop, bytes);
}

/* A turn that writes nothing has no commit to share: its answers leave with every round, while what it
 * published is held back a little, so that each client gets more with one write. */
static void end_round(void *user)
{
    struct jmh_host *host = user;
    if (!jmh_turn_is_empty(host->turn) && !jmh_turn_writes(host->turn)) {
        (void)jmh_turn_end(host->turn);
    }
}

static void end_turn(void *user)
{
    struct jmh_host *host = user;
    jm_status status = JM_OK;
    for (int i = 0; i < CHAINED_TURNS && status == JM_OK && !jmh_turn_is_empty(host->turn); i++) {
        status = jmh_turn_end(host->turn);
    }
    /* What a failed turn leaves behind waits for the next one: a full disk must not spin the loop. */
    if (status == JM_OK && !jmh_turn_is_empty(host->turn)) {
        jmh_loop_mark(host->loop, 0);
    }
    jmh_clients_flush(host->clients);
}

static jm_status open_store(struct jmh_host *host, struct jmh_err *err)
{
    uint64_t first_seq = 0;
    const struct jmh_store_options store = {
        .data_dir = host->data_dir.path,
        .durability = host->config.durability_full ? JMH_DURABILITY_FULL : JMH_DURABILITY_NORMAL};
    host->store = jmh_store_open(&store, err);
    if (host->store == NULL) {
        return err->code;
    }
    jm_status status = jmh_store_reserve_seq(host->store, &first_seq, err);
    if (status != JM_OK) {
        return status;
    }
    host->log = jmh_log_new(first_seq, (size_t)host->config.log.ring_mib << 20,
                            (uint32_t)host->config.log.ring_events);
    return host->log != NULL ? JM_OK : jmh_err_set(err, JM_ENOMEM, "no memory for the event log");
}

static jm_status make_parts(struct jmh_host *host, struct jmh_err *err)
{
    const struct jmh_pool_options pool = {
        .program = host->worker_program,
        .processes = (uint32_t)host->config.limits.workers,
        .queue_limit = (uint32_t)host->config.limits.task_queue,
        .wall_ms = (uint32_t)host->config.limits.task_wall_s * 1000,
        .cpu_ms = (uint32_t)host->config.limits.task_cpu_s * 1000,
        .memory_mib = (uint32_t)host->config.limits.task_memory_mib};
    host->channels = jmh_names_new(NAMES_MAX);
    host->types = jmh_names_new(NAMES_MAX);
    host->sets = jmh_sets_new();
    host->metrics = jmh_metrics_new();
    if (host->channels == NULL || host->types == NULL || host->sets == NULL ||
        host->metrics == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "no memory to start");
    }
    host->reader = jmh_reader_new(host->log, host->store, host->channels, host->types,
                                  jmh_store_epoch(host->store));
    host->turn = jmh_turn_new(host->store, host->log, host->sets, host->channels, host->types);
    host->clients = jmh_clients_new(host);
    host->pool = jmh_pool_new(host->loop, &pool);
    if (host->reader == NULL || host->turn == NULL || host->clients == NULL || host->pool == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "no memory to start");
    }
    jmh_loop_on_round_end(host->loop, end_round, host);
    jmh_loop_on_turn_end(host->loop, end_turn, host);
    jmh_turn_on_pending(host->turn, mark, host);
    return JM_OK;
}

/* Take the port before anything is started: that it is in use is then told at once. */
static jm_status take_port(struct jmh_host *host, const struct jmh_host_options *options,
                           struct jmh_err *err)
{
    static const char *const standard[] = {"127.0.0.1", "::1", NULL};
    const char *const *configured = (const char *const *)host->config.listen.bind;
    bool is_configured = configured != NULL && configured[0] != NULL;
    host->given_bind[0] = options->bind;
    const char *const *binds = options->bind != NULL ? host->given_bind
                               : is_configured       ? configured
                                                     : standard;
    host->rules =
        (struct jmh_browser_rules){.origins = (const char *const *)host->config.listen.origins,
                                   .hosts = (const char *const *)host->config.listen.hosts,
                                   .binds = binds};
    const struct jmh_transport_options transport = {
        .binds = binds,
        .binds_required = options->bind != NULL || is_configured,
        .port = options->port >= 0 ? options->port : host->config.listen.port};
    host->transport = jmh_transport_open(host, &transport, err);
    return host->transport != NULL ? JM_OK : err->code;
}

/* Everything that has no side effect on the data directory: enough to check a configuration. */
static jm_status prepare(struct jmh_host *host, const struct jmh_host_options *options,
                         struct jmh_err *err)
{
    host->started_utc_ms = jmh_time_utc_ms();
    jm_status status = jmh_config_load(&host->config, options->config_file, err);
    if (status == JM_OK) {
        status = jmh_paths_find(host, options->plugin_dir, err);
    }
    if (status != JM_OK) {
        return status;
    }
    host->loop = jmh_loop_new();
    struct jmh_regset *own = jmh_admin_register(host, err);
    if (host->loop == NULL || own == NULL) {
        return host->loop == NULL ? jmh_err_set(err, JM_ENOMEM, "no event loop") : err->code;
    }
    host->registry = jmh_registry_new(host, own);
    if (host->registry == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "no memory for the plugins");
    }
    return jmh_registry_scan(host->registry, host->plugin_dir, options->enable, err);
}

jm_status jmh_host_check(struct jmh_host *host, const struct jmh_host_options *options,
                         struct jmh_err *err)
{
    jm_status status = prepare(host, options, err);
    return status == JM_OK ? jmh_registry_check(host->registry, err) : status;
}

/* An operator should know of plugins that do not run. */
static void report_refused(struct jmh_host *host)
{
    for (size_t i = 0; i < jmh_registry_count(host->registry); i++) {
        const struct jmh_plugin *plugin = jmh_registry_get(host->registry, i);
        if (plugin->state == JMH_PLUGIN_REFUSED) {
            jmh_host_report(host, "plugin_refused", "plugin '%s' does not run: %s", plugin->name,
                            plugin->reason.text);
        }
    }
}

jm_status jmh_host_start(struct jmh_host *host, const struct jmh_host_options *options,
                         struct jmh_err *err)
{
    jm_status status = prepare(host, options, err);
    if (status == JM_OK) {
        status = jmh_data_dir_open(&host->data_dir, options->data_dir, err);
    }
    if (status == JM_OK) {
        status = take_port(host, options, err);
    }
    if (status == JM_OK) {
        status = open_store(host, err);
    }
    if (status == JM_OK) {
        status = make_parts(host, err);
    }
    if (status == JM_OK) {
        status = jmh_registry_start(host->registry, err);
    }
    if (status == JM_OK) {
        report_refused(host);
        status = jmh_canary_start(host, err);
    }
    if (status == JM_OK) {
        status = jmh_upkeep_start(host, err);
    }
    return status == JM_OK ? jmh_transport_start(host->transport, err) : status;
}

/* A drain under way: the loop ends when every connection has gone and the plugins have finished what
 * they had begun, or when it has waited enough. */
static void poll_drain(void *user)
{
    struct jmh_host *host = user;
    if ((jmh_transport_connections(host->transport) == 0 && jmh_registry_is_idle(host->registry)) ||
        jmh_time_monotonic_ms() >= host->drain_until_ms) {
        jmh_loop_stop(host->loop);
    }
}

static void on_signal(void *user, int signal_number)
{
    struct jmh_host *host = user;
    if (host->draining) {
        _exit(128 + signal_number);
    }
    jmh_trace(JM_LOG_INFO, "junmaid", "shutting down: clients are told to come back");
    host->draining = true;
    host->drain_until_ms = jmh_time_monotonic_ms() + DRAIN_MAX_MS;
    jmh_systemd_notify("STOPPING=1");
    jmh_canary_stop(host);
    jmh_transport_stop_listening(host->transport);
    jmh_registry_drain(host->registry);
    jmh_clients_drain(host->clients);
    jmh_loop_mark(host->loop, 0);
    if (jmh_timer_start(host->loop, DRAIN_POLL_MS, DRAIN_POLL_MS, poll_drain, host) == NULL) {
        jmh_loop_stop(host->loop);
    }
}

static void announce(const struct jmh_host *host)
{
    const char *address = host->rules.binds[0];
    bool is_ipv6 = strchr(address, ':') != NULL;
    printf("junmaid listening on http://%s%s%s:%d\n", is_ipv6 ? "[" : "", address,
           is_ipv6 ? "]" : "", jmh_transport_port(host->transport));
    (void)fflush(stdout);
    jmh_systemd_notify("READY=1");
}

int jmh_host_serve(struct jmh_host *host)
{
    jm_status term = jmh_loop_on_signal(host->loop, SIGTERM, on_signal, host);
    jm_status interrupt = jmh_loop_on_signal(host->loop, SIGINT, on_signal, host);
    jm_status hang_up = jmh_loop_on_signal(host->loop, SIGHUP, on_signal, host);
    if (term != JM_OK || interrupt != JM_OK || hang_up != JM_OK) {
        jmh_trace(JM_LOG_ERROR, "junmaid", "cannot wait for signals");
        return 1;
    }
    announce(host);
    jmh_loop_run(host->loop);
    return 0;
}

void jmh_host_stop(struct jmh_host *host)
{
    jmh_canary_stop(host);
    jmh_upkeep_stop(host);
    jmh_registry_stop(host->registry);
    if (host->turn != NULL && !jmh_turn_is_empty(host->turn)) {
        (void)jmh_turn_end(host->turn);
    }
    jmh_transport_close(host->transport);
    jmh_pool_free(host->pool);
    jmh_registry_free(host->registry);
    jmh_clients_free(host->clients);
    jmh_turn_free(host->turn);
    jmh_reader_free(host->reader);
    jmh_sets_free(host->sets);
    jmh_log_free(host->log);
    jmh_names_free(host->channels);
    jmh_names_free(host->types);
    jmh_metrics_free(host->metrics);
    jmh_idmap_fini(&host->exchanges);
    jmh_loop_free(host->loop); /* waits for the thread pool, which may be using the store */
    jmh_store_close(host->store);
    jmh_data_dir_close(&host->data_dir);
    jmh_config_fini(&host->config);
    free(host->plugin_dir);
    free(host->worker_program);
}

void jmh_host_report(struct jmh_host *host, const char *error_type, const char *format, ...)
{
    char sentence[JMH_ERR_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    jmh_trace(JM_LOG_ERROR, "junmaid", "%s", sentence);
    const struct jmh_event_type *type =
        jmh_index_type(jmh_registry_index(host->registry), jmh_span("error_occurred"));
    if (type == NULL || host->turn == NULL) {
        return;
    }
    struct jmh_err err;
    struct jmh_buf fields = {0};
    jmh_buf_add_text(&fields, "{\"error_type\":");
    jmh_buf_add_json_text(&fields, jmh_span(error_type));
    jmh_buf_add_text(&fields, ",\"error_message\":");
    jmh_buf_add_json_text(&fields, jmh_span(sentence));
    jmh_buf_add_text(&fields, ",\"error_details\":{}}");
    jmh_turn_begin_call(host->turn);
    jm_status status =
        jmh_turn_publish(host->turn, type, (jm_span){NULL, 0}, jmh_buf_span(&fields), &err);
    (void)jmh_turn_end_call(host->turn, status);
    jmh_buf_fini(&fields);
}
