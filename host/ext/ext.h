/* The extension tables of the ABI, one file each: include/junmai/ext/X.h is served by host/ext/X.c.
 *
 * Each table is constant; the plugin is found through its host pointer (jmh_plugin_of). A function
 * first checks that it is on the loop and that the plugin's state allows the call, and sets the
 * plugin's sentence where it fails. */
#ifndef JMH_EXT_EXT_H
#define JMH_EXT_EXT_H

#include "host/plugin/plugin.h"

extern const struct jm_host_log jmh_ext_log;
extern const struct jm_host_error jmh_ext_error;
extern const struct jm_host_config jmh_ext_config;
extern const struct jm_host_event jmh_ext_event;
extern const struct jm_host_message jmh_ext_message;
extern const struct jm_host_http jmh_ext_http;
extern const struct jm_host_client jmh_ext_client;
extern const struct jm_host_clock jmh_ext_clock;
extern const struct jm_host_timer jmh_ext_timer;
extern const struct jm_host_fd jmh_ext_fd;
extern const struct jm_host_work jmh_ext_work;
extern const struct jm_host_task jmh_ext_task;
extern const struct jm_host_store jmh_ext_store;
extern const struct jm_host_service jmh_ext_service;
extern const struct jm_host_metric jmh_ext_metric;

/* jm_host.get_extension of every plugin. [any] */
const void *jmh_ext_get(const jm_host *host, const char *id);

/* Fail with JM_ESTATE and a sentence unless the caller is on the loop thread and the plugin in one of
 * the states (bits 1u << JMH_PLUGIN_*). */
jm_status jmh_ext_check(const jm_host *host, const char *function, uint32_t states);
/* Keep `err` as the plugin's sentence; returns its code. */
jm_status jmh_ext_fail(const jm_host *host, const struct jmh_err *err);
/* End all that a plugin has under way: stop its timers and watches, cancel its work and tasks (their
 * completions run), end its client sessions, answer its open requests 503. False where work of it is
 * still running after a while: the plugin must not be destroyed then. */
bool jmh_ext_release(struct jmh_plugin *plugin);

#endif
