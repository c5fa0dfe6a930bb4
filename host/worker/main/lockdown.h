/* What a worker process gives up before it loads the first task object, once and for good. */
#ifndef JMH_WORKER_LOCKDOWN_H
#define JMH_WORKER_LOCKDOWN_H

#include "host/util/err.h"

/* Every descriptor but 0 to 3 is closed, standard output becomes the host's standard error, nothing
 * can be gained by running another program, no memory is dumped, and the process ends with its host. */
jm_status jmh_lockdown(struct jmh_err *err);

#endif
