/* What a plugin may touch in the database: its own tables, and SQLite's own where a change of its
 * schema needs them. Pure functions over names; sqlite.c asks them while it prepares a statement. */
#ifndef JMH_STORE_ACCESS_H
#define JMH_STORE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

/* On whose behalf a statement is prepared. */
struct jmh_access {
    const char *owner; /* a plugin's name; NULL: the host, which may do everything */
    bool migrating;    /* a migration, which may change the plugin's schema */
};

enum jmh_access_kind {
    JMH_ACCESS_READ,   /* the column `detail` of the table `name`; "" for its rows alone */
    JMH_ACCESS_WRITE,  /* rows of the table `name` */
    JMH_ACCESS_SCHEMA, /* make, drop or alter `name`; `detail` the table it belongs to, or NULL */
    JMH_ACCESS_MODULE, /* make or drop the virtual table `name` of the module `detail` */
    JMH_ACCESS_CALL,   /* the SQL function `name` */
    JMH_ACCESS_PRAGMA, /* the pragma `name`, `detail` what it is set to, or NULL */
    JMH_ACCESS_OTHER,  /* anything else */
};

/* Whether a plugin may do that; where not, the sentence. `name` may be NULL for OTHER alone. */
bool jmh_access_allows(const struct jmh_access *access, enum jmh_access_kind kind, const char *name,
                       const char *detail, char *why_out, size_t why_bytes);

#endif
