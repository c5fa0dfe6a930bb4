/* The host's database, as a backup sees it. */
#ifndef JMC_DATABASE_H
#define JMC_DATABASE_H

#include <stdbool.h>

#define JMC_EPOCH_BYTES 64

/* Copy a database that a host may be writing to: the copy is its state at one moment, and the host is
 * not held up. `epoch_out` is the epoch that it had. False after a complaint, or when asked to stop. */
bool jmc_database_copy(const char *from, const char *to, char epoch_out[JMC_EPOCH_BYTES]);

/* Check a copy, and take its epoch away: the host that opens it begins another one, so that no client
 * goes on with numbers that this state does not know. False after a complaint. */
bool jmc_database_renew(const char *path);

#endif
