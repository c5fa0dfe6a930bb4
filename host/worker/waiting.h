/* The tasks that wait for a worker, the most urgent first, the oldest first among equals. [loop] */
#ifndef JMH_WORKER_WAITING_H
#define JMH_WORKER_WAITING_H

#include "host/worker/task.h"

struct jmh_task_list {
    struct jmh_task *first, *last;
    uint32_t count;
};

void jmh_task_list_append(struct jmh_task_list *list, struct jmh_task *task);
void jmh_task_list_prepend(struct jmh_task_list *list, struct jmh_task *task);
void jmh_task_list_remove(struct jmh_task_list *list, struct jmh_task *task);

/* Zero-initialise to begin. */
struct jmh_waiting {
    struct jmh_task_list levels[JM_TASK_URGENT + 1]; /* by priority */
    uint32_t count;
};

void jmh_waiting_add(struct jmh_waiting *waiting, struct jmh_task *task);
/* Before all of its priority: it has waited once already. */
void jmh_waiting_put_back(struct jmh_waiting *waiting, struct jmh_task *task);
void jmh_waiting_remove(struct jmh_waiting *waiting, struct jmh_task *task);
/* The order in which they begin: the first, and the one after `task`; NULL at the end. */
struct jmh_task *jmh_waiting_first(const struct jmh_waiting *waiting);
struct jmh_task *jmh_waiting_next(const struct jmh_waiting *waiting, const struct jmh_task *task);

#endif
