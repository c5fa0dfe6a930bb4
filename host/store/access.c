/* What a plugin may touch in the database; see access.h. Stateless. [any] */
#include "host/store/access.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* SQLite's names know no difference between upper and lower case. */
static bool has_prefix(const char *name, const char *prefix)
{
    return strncasecmp(name, prefix, strlen(prefix)) == 0;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcasecmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static bool owns(const struct jmh_access *access, const char *name)
{
    /* junmai_ is the host's, whatever a plugin is called. */
    return has_prefix(name, access->owner) && name[strlen(access->owner)] == '_' &&
           !has_prefix(name, "junmai_");
}

/* SQLite changes its own tables (sqlite_master, sqlite_sequence, …) as part of CREATE, ALTER and
 * DROP, and asks for them by name. It refuses by itself to change sqlite_master by hand. */
static bool is_internal(const struct jmh_access *access, const char *table)
{
    return access->migrating && has_prefix(table, "sqlite_");
}

/* The first use of a table-valued function declares its columns by a CREATE TABLE, which SQLite
 * parses as far as this update of the schema, and never runs. */
static bool is_declaration(const char *table, const char *column)
{
    return strcmp(table, "sqlite_master") == 0 && strcmp(column, "ROWID") == 0;
}

static bool may_read(const struct jmh_access *access, const char *table, const char *column)
{
    static const char *const functions[] = {"json_each", "json_tree", NULL};
    /* ALTER TABLE ADD COLUMN … CHECK looks through the rows that are there by means of it. */
    static const char *const checks[] = {"pragma_quick_check", NULL};
    return owns(access, table) || is_internal(access, table) || is_one_of(table, functions) ||
           is_declaration(table, column) || (access->migrating && is_one_of(table, checks));
}

static bool may_write(const struct jmh_access *access, const char *table)
{
    return owns(access, table) || is_internal(access, table) || is_declaration(table, "ROWID");
}

static bool may_use_module(const char *module)
{
    /* Not fts5vocab: it reads any full-text table without asking. */
    static const char *const modules[] = {"fts5", "rtree", NULL};
    return is_one_of(module, modules);
}

static bool may_call(const char *function)
{
    static const char *const denied[] = {"load_extension", "fts3_tokenizer", NULL};
    return !is_one_of(function, denied);
}

static bool may_ask(const struct jmh_access *access, const char *pragma, const char *value)
{
    /* Full-text and R*Tree tables ask these of the connection while they work. */
    static const char *const asked[] = {"data_version", "page_size", NULL};
    static const char *const checks[] = {"quick_check", NULL};
    return (value == NULL && is_one_of(pragma, asked)) ||
           (access->migrating && is_one_of(pragma, checks));
}

static bool deny(const struct jmh_access *access, char *why_out, size_t why_bytes, const char *what,
                 const char *name)
{
    (void)snprintf(why_out, why_bytes, "Plugin '%s' may not %s%s", access->owner, what, name);
    return false;
}

bool jmh_access_allows(const struct jmh_access *access, enum jmh_access_kind kind, const char *name,
                       const char *detail, char *why_out, size_t why_bytes)
{
    switch (kind) {
    case JMH_ACCESS_READ:
        return may_read(access, name, detail) ||
               deny(access, why_out, why_bytes, "read the table ", name);
    case JMH_ACCESS_WRITE:
        return may_write(access, name) ||
               deny(access, why_out, why_bytes, "change the table ", name);
    case JMH_ACCESS_MODULE:
        if (!may_use_module(detail)) {
            return deny(access, why_out, why_bytes, "make virtual tables of ", detail);
        }
        return jmh_access_allows(access, JMH_ACCESS_SCHEMA, name, NULL, why_out, why_bytes);
    case JMH_ACCESS_SCHEMA:
        if (!access->migrating) {
            return deny(access, why_out, why_bytes,
                        "make or change tables but by its migrations: ", name);
        }
        if (!may_write(access, name)) {
            return deny(access, why_out, why_bytes,
                        "make or change what does not begin with its name and '_': ", name);
        }
        return detail == NULL || may_write(access, detail) ||
               deny(access, why_out, why_bytes, "change the table ", detail);
    case JMH_ACCESS_CALL:
        return may_call(name) || deny(access, why_out, why_bytes, "call the function ", name);
    case JMH_ACCESS_PRAGMA:
        return may_ask(access, name, detail) ||
               deny(access, why_out, why_bytes, "use the pragma ", name);
    default:
        return deny(access, why_out, why_bytes,
                    "use transactions, temporary tables, ATTACH or ANALYZE", "");
    }
}
