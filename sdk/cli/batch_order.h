/* The photographs that `junmai batch start` names. */
#ifndef JMC_BATCH_ORDER_H
#define JMC_BATCH_ORDER_H

#include "cli.h"

#include <jansson.h>

/* The ids that are written out, an array; NULL after a complaint about one that is none. */
json_t *jmc_batch_ids(char *const *texts);
/* The ids of a session's photographs; NULL after a complaint, `exit_out` is what belongs to it. */
json_t *jmc_batch_session_ids(const struct jmc_cli *cli, long long session, int *exit_out);

#endif
