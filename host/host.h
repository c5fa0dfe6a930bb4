/* The host: every part, in one struct. Made and ended by host.c in one fixed order; the parts reach
 * each other through it. [loop] */
#ifndef JMH_HOST_H
#define JMH_HOST_H

#include "host/client/client.h"
#include "host/config/config.h"
#include "host/http/browser.h"
#include "host/loop/loop.h"
#include "host/metric/metric.h"
#include "host/plugin/registry.h"
#include "host/store/data_dir.h"
#include "host/store/store.h"
#include "host/transport/transport.h"
#include "host/turn.h"
#include "host/worker/pool.h"

struct jmh_host_options {
    const char *config_file;
    const char *data_dir;
    const char *plugin_dir;    /* NULL: beside the program */
    const char *bind;          /* NULL: as configured */
    int port;                  /* -1: as configured */
    const char *const *enable; /* NULL: all that the configuration enables */
};

struct jmh_host {
    struct jmh_config config;
    struct jmh_data_dir data_dir;
    char *plugin_dir;
    char *worker_program;
    struct jmh_loop *loop;
    struct jmh_store *store;
    struct jmh_names *channels, *types;
    struct jmh_log *log;
    struct jmh_sets *sets;
    struct jmh_reader *reader;
    struct jmh_turn *turn;
    struct jmh_metrics *metrics;
    struct jmh_clients *clients;
    struct jmh_idmap exchanges; /* open requests by id */
    uint64_t last_exchange;
    struct jmh_pool *pool;
    struct jmh_registry *registry;
    struct jmh_transport *transport;
    struct jmh_browser_rules rules; /* which web pages may call, and under which names */
    const char *given_bind[2];      /* the address of the command line, and NULL */
    int64_t started_utc_ms;
    bool draining;
    uint64_t drain_until_ms;    /* monotonic */
    const char *running_plugin; /* whose callback is on the stack, and which; for the watchdog */
    const char *running_callback;
};

/* Read and check the configuration and the plugins, and start nothing. */
jm_status jmh_host_check(struct jmh_host *host, const struct jmh_host_options *options,
                         struct jmh_err *err);
/* Everything up to listening. */
jm_status jmh_host_start(struct jmh_host *host, const struct jmh_host_options *options,
                         struct jmh_err *err);
/* Say that it serves, and serve until a signal; 0 or 1 for exit(). */
int jmh_host_serve(struct jmh_host *host);
/* End what was started, however far that came. */
void jmh_host_stop(struct jmh_host *host);
/* Publish error_occurred, in the log as well: something that an operator should know. */
__attribute__((format(printf, 3, 4))) void jmh_host_report(struct jmh_host *host,
                                                           const char *error_type,
                                                           const char *format, ...);

#endif
