/* Bringing a plugin's tables to its last version. On the loop thread, between turns.
 *
 * All missing versions are one transaction: the plugin has the schema that it asks for, or the one it
 * had. Foreign keys are off meanwhile, because rebuilding a table (new, copy, drop, rename) would
 * otherwise delete what refers to it, and are checked before the commit. */
#include "host/store/impl.h"
#include "host/store/lookup.h"
#include "host/util/span.h"

/* Of the rows `s` of sqlite_schema, ?1 being a plugin's name. */
#define IS_OWN(column) "lower(substr(" column ", 1, length(?1) + 1)) = ?1 || '_'"

static jm_status check_versions(const char *owner, const jm_migration *migrations, size_t count,
                                struct jmh_err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (migrations[i].version != (int64_t)i + 1) {
            return jmh_err_set(err, JM_EINVAL,
                               "Migration %zu of plugin '%s' has version %d: count 1, 2, 3, … "
                               "without a gap",
                               i + 1, owner, (int)migrations[i].version);
        }
    }
    return JM_OK;
}

static jm_status version_of(struct jmh_store *store, const char *owner, int64_t *version_out,
                            struct jmh_err *err)
{
    *version_out = 0;
    jm_status status = jmh_lookup_int(
        store->db, "SELECT version FROM junmai_schemas WHERE owner = ?1", owner, version_out, err);
    return status == JM_ENOENT ? JM_OK : status;
}

/* How many tables, indices, triggers and views are not the plugin's. The authorizer sees the old name
 * of what is renamed, but not the new one: more of them are found here. */
static jm_status count_foreign(struct jmh_store *store, const char *owner, int64_t *count_out,
                               struct jmh_err *err)
{
    return jmh_lookup_int(store->db,
                          "SELECT count(*) FROM sqlite_schema s "
                          "WHERE s.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND NOT " IS_OWN("s.name"),
                          owner, count_out, err);
}

/* Refuse what the authorizer cannot see: the results of a migration. */
static jm_status check_result(struct jmh_store *store, const char *owner, int64_t foreign_before,
                              struct jmh_err *err)
{
    int64_t foreign = 0;
    int64_t outward = 0;
    int64_t broken = 0;
    jm_status status = count_foreign(store, owner, &foreign, err);
    if (status == JM_OK && foreign != foreign_before) {
        return jmh_err_set(
            err, JM_EACCES,
            "A migration of plugin '%s' gives a table a name that does not begin with "
            "'%s_'",
            owner, owner);
    }
    if (status == JM_OK) {
        status = jmh_lookup_int(
            store->db,
            "SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_list(s.name) f "
            "WHERE s.type = 'table' AND " IS_OWN("s.name") " AND NOT " IS_OWN("f.\"table\""),
            owner, &outward, err);
    }
    if (status == JM_OK && outward > 0) {
        return jmh_err_set(err, JM_EACCES,
                           "A migration of plugin '%s' refers to the table of another plugin by a "
                           "foreign key: keep its id, and ask the plugin for the rest",
                           owner);
    }
    if (status == JM_OK) {
        status = jmh_lookup_int(
            store->db,
            "SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_check(s.name) f "
            "WHERE s.type = 'table' AND " IS_OWN("s.name"),
            owner, &broken, err);
    }
    if (status == JM_OK && broken > 0) {
        return jmh_err_set(
            err, JM_EINVAL,
            "A migration of plugin '%s' leaves %lld rows that refer to a row that is "
            "not there",
            owner, (long long)broken);
    }
    return status;
}

static jm_status put_version(struct jmh_store *store, const char *owner, size_t version,
                             struct jmh_err *err)
{
    const jm_value args[] = {jmh_value_text(jmh_span(owner)), jmh_value_int((int64_t)version)};
    return jmh_store_exec(store, NULL,
                          "INSERT INTO junmai_schemas (owner, version) VALUES (?1, ?2) "
                          "ON CONFLICT (owner) DO UPDATE SET version = excluded.version",
                          args, 2, NULL, NULL, NULL, err);
}

/* In the turn that writing the version begins. */
static jm_status run_migrations(struct jmh_store *store, const char *owner,
                                const jm_migration *migrations, size_t from, size_t count,
                                struct jmh_err *err)
{
    int64_t foreign = 0;
    jm_status status = put_version(store, owner, count, err);
    if (status == JM_OK) {
        status = count_foreign(store, owner, &foreign, err);
    }
    for (size_t i = from; i < count && status == JM_OK; i++) {
        status = jmh_sqlite_script(store->db, owner, migrations[i].sql, err);
    }
    return status == JM_OK ? check_result(store, owner, foreign, err) : status;
}

jm_status jmh_store_migrate(struct jmh_store *store, const char *owner,
                            const jm_migration *migrations, size_t count, struct jmh_err *err)
{
    int64_t version = 0;
    if (store->transaction.is_busy || store->transaction.in_call || jmh_store_is_dirty(store)) {
        return jmh_err_set(err, JM_ESTATE,
                           "The tables of plugin '%s' cannot be migrated in the middle of a turn",
                           owner);
    }
    jm_status status = check_versions(owner, migrations, count, err);
    if (status == JM_OK) {
        status = version_of(store, owner, &version, err);
    }
    if (status != JM_OK || version == (int64_t)count) {
        return status;
    }
    if (version > (int64_t)count) {
        return jmh_err_set(err, JM_EINVAL,
                           "The tables of plugin '%s' have version %lld, this build knows versions "
                           "up to %zu: install the newer build that wrote them",
                           owner, (long long)version, count);
    }
    status = jmh_sqlite_script(store->db, NULL, "PRAGMA foreign_keys = OFF", err);
    if (status == JM_OK) {
        status = run_migrations(store, owner, migrations, (size_t)version, count, err);
    }
    if (status == JM_OK) {
        status = jmh_store_commit(store, err);
    } else {
        jmh_store_rollback(store);
    }
    (void)jmh_sqlite_script(store->db, NULL, "PRAGMA foreign_keys = ON", NULL);
    return status;
}
