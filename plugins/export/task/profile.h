/* The ICC profiles of the colour spaces that can be exported to, made once by lcms2: a task opens no
 * path, and not every system has files of all four. Worker process only. */
#ifndef EXPORT_TASK_PROFILE_H
#define EXPORT_TASK_PROFILE_H

#include "task/bytes.h"
#include "task/request.h"

/* Once, in setup. Returns JM_OK, JM_ENOMEM. */
jm_status profile_setup(void);

/* The same bytes at every call and in every worker. */
struct bytes profile_of(enum space space);

#endif
