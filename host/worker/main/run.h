/* One run of a task in the worker: the functions that jm_task_run offers, and what they tell the host.
 * Worker's only thread. */
#ifndef JMH_WORKER_RUN_H
#define JMH_WORKER_RUN_H

#include "host/worker/wire.h"

/* Do what a RUN message asks for and send its DONE. Does not return where the host is gone or `message`
 * is none. `in` is where the message came from, and where a cancel will come from. */
void jmh_run(struct jmh_wire_in *in, const struct jmh_wire_message *message);
/* Send one message; false when out of memory. Ends the process where the host is gone. */
bool jmh_run_send(enum jmh_wire_kind kind, jm_span about, jm_span body);

#endif
