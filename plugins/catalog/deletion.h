/* Deleting sessions. A large one takes many turns, so that the loop is never held for it. */
#ifndef CATALOG_DELETION_H
#define CATALOG_DELETION_H

#include "core.h"

struct catalog_waiter; /* a request that waits for the end of a deletion */

/* Delete a session and its photographs' rows; files stay. The request is answered, and
 * session_deleted published, once all are gone; a start of the host goes on with what a kill has
 * interrupted. JM_ENOENT: there is no such session. [loop & active] */
jm_status catalog_delete_session(struct catalog *catalog, int64_t session, jm_id request);

/* Go on with what waits to be deleted. [loop & active] */
jm_status catalog_deletion_start(struct catalog *catalog);
void catalog_deletion_stop(struct catalog *catalog);
/* Forget the requests that wait. */
void catalog_deletion_fini(struct catalog *catalog);

#endif
