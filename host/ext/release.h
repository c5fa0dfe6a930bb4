/* How each kind of lease is ended when its plugin ends; and how a callback that failed is told where
 * nobody waits for an answer. Each release drops its lease. [loop] */
#ifndef JMH_EXT_RELEASE_H
#define JMH_EXT_RELEASE_H

#include "host/plugin/plugin.h"

struct jmh_lease;

void jmh_timer_release(struct jmh_lease *lease);
void jmh_fd_release(struct jmh_lease *lease);
/* False where the work did not end in time. */
bool jmh_work_release(struct jmh_lease *lease);
void jmh_task_release(struct jmh_lease *lease);
void jmh_client_release(struct jmh_lease *lease);
/* Answer the plugin's open requests. */
void jmh_http_release(struct jmh_plugin *plugin);

/* Log a negative status of a callback with the plugin's sentence. */
void jmh_ext_complain(const struct jmh_plugin *plugin, const char *kind, const char *label,
                      jm_status status);

#endif
