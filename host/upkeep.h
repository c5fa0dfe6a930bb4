/* What the host does regularly: stalled clients, retention of the log, checkpoints of the store. */
#ifndef JMH_UPKEEP_H
#define JMH_UPKEEP_H

#include "host/host.h"

jm_status jmh_upkeep_start(struct jmh_host *host, struct jmh_err *err);
void jmh_upkeep_stop(struct jmh_host *host);

#endif
