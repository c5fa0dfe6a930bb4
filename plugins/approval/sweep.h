/* Decisions go with the photographs: those of sessions that are gone are forgotten. */
#ifndef APPROVAL_SWEEP_H
#define APPROVAL_SWEEP_H

#include "core.h"

/* [loop & active] */
jm_status approval_sweep_start(struct approval_core *core);
void approval_sweep_stop(struct approval_core *core);

#endif
