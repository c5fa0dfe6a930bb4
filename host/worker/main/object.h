/* The task objects that a worker has loaded. They stay loaded: a worker that should have another build
 * is replaced by the host. Worker's only thread. */
#ifndef JMH_WORKER_OBJECT_H
#define JMH_WORKER_OBJECT_H

#include "host/util/err.h"

#include <junmai/task.h>

/* The task of that name in the object at `path`, which is loaded and set up at its first use.
 * JM_ENOENT (no file, no such task), JM_EIO (the dynamic linker's own words, out of memory),
 * JM_EINVAL (no task object), JM_EUNSUPPORTED (another ABI, or its setup has refused). */
jm_status jmh_object_task(const char *path, const char *name, jm_task_fn *fn_out,
                          struct jmh_err *err);

#endif
