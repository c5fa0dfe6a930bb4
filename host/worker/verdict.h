/* What the end of a worker means for the task that it ran. Plain functions. [any] */
#ifndef JMH_WORKER_VERDICT_H
#define JMH_WORKER_VERDICT_H

#include "host/worker/child.h"

/* The status and the sentence for the task. task->crashes counts the deaths up to this one, if it was
 * one: JM_ECRASHED means that the worker died of itself, so that another may try once more. */
void jmh_verdict(const struct jmh_task *task, struct jmh_child_end end,
                 struct jmh_err *verdict_out);

/* Why a child that never became ready ended, as the rest of "the worker program … …". */
void jmh_verdict_start(struct jmh_child_end end, char *out, size_t cap);

#endif
