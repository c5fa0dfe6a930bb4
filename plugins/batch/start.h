/* Making a batch of what a request asks for. */
#ifndef BATCH_START_H
#define BATCH_START_H

#include "batches.h"

#define BATCH_PHOTOS_MAX 100000

/* Check the request and write the batch and its list of photographs. JM_EINVAL, JM_ENOENT for a
 * photograph or session that does not exist, JM_EBUSY for too many open batches. [loop & active] */
jm_status batch_start(const struct batch_core *core, const jm_doc *doc, struct batch *batch_out);

#endif
