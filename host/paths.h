/* Where the host finds its own parts: everything is relative to the program, so that an installed
 * tree can be moved. */
#ifndef JMH_PATHS_H
#define JMH_PATHS_H

#include "host/host.h"

/* Fill in host->plugin_dir and host->worker_program. `plugin_dir` NULL: ../plugins beside the program,
 * else ../lib/junmai/plugins. */
jm_status jmh_paths_find(struct jmh_host *host, const char *plugin_dir, struct jmh_err *err);

#endif
