/* The numbers of {sequence}: one count for each session, one for photographs without a session. */
#ifndef IMPORT_SEQUENCE_H
#define IMPORT_SEQUENCE_H

#include "core.h"

/* The next number, from 1; a number is never given twice. [loop & (active | draining)] */
jm_status sequence_next(const struct import_core *core, int64_t session, uint64_t *number_out);

#endif
