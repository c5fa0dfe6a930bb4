/* Brings folder and rows together after a crash: files that no row knows are removed, and rows whose
 * file is gone. One of the 256 folders after the other, listed on a thread of the pool. */
#ifndef PREVIEW_SWEEP_H
#define PREVIEW_SWEEP_H

#include "core.h"

/* [loop & active] */
void sweep_start(struct preview_core *core);

#endif
