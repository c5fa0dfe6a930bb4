/* The host's own tables and their version, and what makes a file a database of Junmai. */
#ifndef JMH_STORE_SCHEMA_H
#define JMH_STORE_SCHEMA_H

#include "host/store/sqlite.h"

/* Refuse a file that is not Junmai's or is of a newer Junmai, without changing it; else switch it to
 * WAL and bring the host's tables up to date. */
jm_status jmh_schema_open(struct jmh_sqlite *db, const char *path, struct jmh_err *err);

#endif
