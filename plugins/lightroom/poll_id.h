/* Ids of pollers: UUIDs of version 4, in lower case. [any] */
#ifndef LIGHTROOM_POLL_ID_H
#define LIGHTROOM_POLL_ID_H

#include <junmai/types.h>
#include <stdbool.h>

#define LR_POLL_ID_SIZE 37 /* with the NUL */

/* JM_EIO where the system gives no random number. */
jm_status lr_poll_id_make(char id_out[LR_POLL_ID_SIZE]);
/* Whether the text is a UUID, in any case; written in lower case. */
bool lr_poll_id_read(jm_span text, char id_out[LR_POLL_ID_SIZE]);
/* A number for hash tables. */
uint32_t lr_poll_id_hash(const char *id);

#endif
