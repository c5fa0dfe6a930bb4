/* Answering with a thumbnail. [loop & (active | draining)] */
#ifndef PREVIEW_ANSWER_H
#define PREVIEW_ANSWER_H

#include "core.h"

/* Answer from the cache; false where the thumbnail is not there, and nothing was answered. */
bool answer_from_cache(struct preview_core *core, jm_id request, const char *hash, int size);

#endif
