/* What a client of type lightroom says of its jobs, by /ws/send or over /ws. */
#ifndef LIGHTROOM_MESSAGES_H
#define LIGHTROOM_MESSAGES_H

#include "core.h"

/* Handle job_started, job_progress and so on. [loop & loaded] */
jm_status lr_messages_handle(struct lr_core *core);

#endif
