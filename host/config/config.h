/* junmai.json: the operator's file, checked whole before anything starts.
 *
 * Every option has a default; the table in options.c is the one truth about type, range, default and
 * help, and `junmaid --print-config` prints it. Plugins' options are checked against the tables that
 * they declare. [loop] */
#ifndef JMH_CONFIG_CONFIG_H
#define JMH_CONFIG_CONFIG_H

#include "host/util/err.h"

#include <junmai/ext/config.h>
#include <stdbool.h>
#include <stdio.h>

enum jmh_compression { JMH_COMPRESSION_REMOTE, JMH_COMPRESSION_ALWAYS, JMH_COMPRESSION_NEVER };

struct jmh_config {
    struct {
        char **bind; /* addresses, NULL-terminated; empty: the default pair */
        int port;
        char **origins, **hosts; /* NULL-terminated */
        enum jmh_compression compression;
    } listen;
    bool durability_full;
    struct {
        int64_t retention_days;
        int64_t retention_mib;
        int64_t ring_mib;
        int64_t ring_events;
    } log;
    struct {
        int64_t clients;
        int64_t message_bytes;
        int64_t body_bytes;
        int64_t client_buffer_bytes;
        int64_t stall_timeout_s;
        int64_t ping_interval_s;
        int64_t ping_timeout_s;
        int64_t subscriptions;
        int64_t header_timeout_s;
        int64_t workers; /* 0: number of cores */
        int64_t task_wall_s;
        int64_t task_cpu_s;
        int64_t task_memory_mib;
        int64_t task_queue;
    } limits;
    struct json_t *document; /* the whole file (jansson), for the plugins' parts */
    char *file;              /* its path; NULL where there is none */
};

/* Read and check. `file` NULL: $XDG_CONFIG_HOME/junmai/junmai.json (else ~/.config) where it is there,
 * else the defaults. The sentence names file, line or JSON path, and the reason. */
jm_status jmh_config_load(struct jmh_config *config, const char *file, struct jmh_err *err);
void jmh_config_fini(struct jmh_config *config);
/* Whether `plugins.NAME.enabled` is not false. */
bool jmh_config_plugin_enabled(const struct jmh_config *config, const char *name);
/* The names below `plugins`; NULL behind the last. */
const char *jmh_config_plugin_name(const struct jmh_config *config, size_t index);

/* Whether a plugin's table holds to its own rules: names, types, defaults. What breaks them is the
 * plugin's fault; what fails after it, the operator's file's. */
jm_status jmh_option_table_check(const jm_option *table, size_t count, struct jmh_err *err);
/* The options of one plugin: declared table and checked values. The table has passed its check. */
struct jmh_plugin_options;
struct jmh_plugin_options *jmh_plugin_options_new(const struct jmh_config *config,
                                                  const char *plugin, const jm_option *table,
                                                  size_t count, struct jmh_err *err);
void jmh_plugin_options_free(struct jmh_plugin_options *options);
jm_status jmh_plugin_options_bool(const struct jmh_plugin_options *options, const char *name,
                                  int32_t *value_out);
jm_status jmh_plugin_options_int(const struct jmh_plugin_options *options, const char *name,
                                 int64_t *value_out);
jm_status jmh_plugin_options_number(const struct jmh_plugin_options *options, const char *name,
                                    double *value_out);
jm_status jmh_plugin_options_text(const struct jmh_plugin_options *options, const char *name,
                                  jm_span *value_out);
jm_status jmh_plugin_options_item(const struct jmh_plugin_options *options, const char *name,
                                  size_t index, jm_span *value_out);

/* Print every option as a commented configuration. */
void jmh_config_print(FILE *out);
void jmh_plugin_options_print(FILE *out, const char *plugin, const jm_option *table, size_t count);

#endif
