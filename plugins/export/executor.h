/* How the queue and we know each other. Loop thread. */
#ifndef EXPORT_EXECUTOR_H
#define EXPORT_EXECUTOR_H

#include "core.h"

/* Register with the queue that is there now, unless it knows us; JM_OK too while it is away. */
jm_status export_executor_attach(struct export_core *core);
void export_executor_detach(struct export_core *core);

#endif
