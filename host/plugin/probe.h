/* The probe: a first load of a plugin in a child process, so that a constructor or create() that
 * crashes or hangs refuses the plugin instead of ending the host. [loop] */
#ifndef JMH_PLUGIN_PROBE_H
#define JMH_PLUGIN_PROBE_H

#include "host/util/err.h"

/* Load the object in a child, check its entry and make one instance of it. JM_OK, the child's own
 * failure, JM_ECRASHED with the signal, JM_ETIMEDOUT. */
jm_status jmh_probe(const char *path, struct jmh_err *err);

#endif
