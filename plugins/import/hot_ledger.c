/* The tables of hot folders. Loop thread. */
#include "hot_ledger.h"

#include "kind.h"
#include "unit.h"

#include <junmai/sdk/store.h>

const char hot_ledger_sql[] =
    "CREATE TABLE import_hot_folders("
    " id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, added_ms INTEGER NOT NULL);"
    "CREATE TABLE import_hot_state("
    " id INTEGER PRIMARY KEY CHECK(id = 1), running INTEGER NOT NULL CHECK(running IN (0, 1)));"
    "CREATE TABLE import_hot_ledger("
    " path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,"
    " ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " outcome TEXT NOT NULL CHECK(outcome IN ('imported', 'duplicate', 'failed')),"
    " photo_id INTEGER, reason TEXT, utc_ms INTEGER NOT NULL) WITHOUT ROWID;";

static const char *const outcome_names[HOT_OUTCOMES] = {"", "imported", "duplicate", "failed"};

static enum hot_outcome outcome_of(jm_span name)
{
    for (int i = HOT_IMPORTED; i < HOT_OUTCOMES; i++) {
        if (jm_span_is(name, outcome_names[i])) {
            return (enum hot_outcome)i;
        }
    }
    return HOT_NONE;
}

static jm_status run(const struct import_core *core, const char *sql, const jm_value *args,
                     size_t count, jm_row_fn row, void *user, jm_exec_result *result)
{
    return core->store->exec(core->host, sql, args, count, row, user, result);
}

jm_status hot_state_read(const struct import_core *core, bool *initialized_out, bool *running_out)
{
    int64_t running = -1;
    jm_status status =
        run(core, "SELECT running FROM import_hot_state", NULL, 0, jm_row_integer, &running, NULL);
    *initialized_out = running >= 0;
    *running_out = running > 0;
    return status;
}

jm_status hot_state_write(const struct import_core *core, bool running)
{
    const jm_value args[] = {JM_INT(running)};
    return run(core,
               "INSERT INTO import_hot_state VALUES(1, ?1)"
               " ON CONFLICT(id) DO UPDATE SET running = excluded.running",
               args, JM_COUNT(args), NULL, NULL, NULL);
}

struct each {
    hot_folder_fn fn;
    void *user;
};

static jm_status each_row(void *user, const jm_value *columns, size_t count)
{
    const struct each *each = user;
    (void)count;
    char *path = jm_span_dup(columns[0].bytes);
    if (path == NULL) {
        return JM_ENOMEM;
    }
    each->fn(each->user, path);
    free(path);
    return JM_OK;
}

jm_status hot_folders_each(const struct import_core *core, hot_folder_fn fn, void *user)
{
    struct each each = {fn, user};
    return run(core, "SELECT path FROM import_hot_folders ORDER BY id", NULL, 0, each_row, &each,
               NULL);
}

jm_status hot_folders_add(const struct import_core *core, const char *path)
{
    const jm_value args[] = {JM_BLOB(jm_span_of(path)), JM_INT(core->clock->utc_ms(core->host))};
    return run(core, "INSERT INTO import_hot_folders(path, added_ms) VALUES(?1, ?2)", args,
               JM_COUNT(args), NULL, NULL, NULL);
}

jm_status hot_folders_remove(const struct import_core *core, const char *path)
{
    const jm_value args[] = {JM_BLOB(jm_span_of(path))};
    jm_exec_result result = {0};
    jm_status status = run(core, "DELETE FROM import_hot_folders WHERE path = ?1", args,
                           JM_COUNT(args), NULL, NULL, &result);
    return status == JM_OK && result.changes == 0 ? JM_ENOENT : status;
}

static jm_status entry_row(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    *(struct hot_entry *)user = (struct hot_entry){
        .signature = {.size = columns[0].integer,
                      .mtime_ns = columns[1].integer,
                      .ctime_ns = columns[2].integer,
                      .inode = (uint64_t)columns[3].integer},
        .outcome = outcome_of(columns[4].bytes),
        .photo = columns[5].type == JM_VALUE_INT ? columns[5].integer : 0,
    };
    return JM_OK;
}

jm_status hot_ledger_find(const struct import_core *core, const char *path,
                          struct hot_entry *entry_out)
{
    const jm_value args[] = {JM_BLOB(jm_span_of(path))};
    *entry_out = (struct hot_entry){.outcome = HOT_NONE};
    return run(core,
               "SELECT size, mtime_ns, ctime_ns, inode, outcome, photo_id"
               " FROM import_hot_ledger WHERE path = ?1",
               args, JM_COUNT(args), entry_row, entry_out, NULL);
}

jm_status hot_ledger_put(const struct import_core *core, const char *path,
                         const struct hot_entry *entry)
{
    const jm_value args[] = {
        JM_BLOB(jm_span_of(path)),
        JM_INT(entry->signature.size),
        JM_INT(entry->signature.mtime_ns),
        JM_INT(entry->signature.ctime_ns),
        JM_INT((int64_t)entry->signature.inode),
        JM_TEXT(jm_span_of(outcome_names[entry->outcome])),
        entry->photo == 0 ? JM_NULL : JM_INT(entry->photo),
        jm_value_text(jm_span_of(entry->reason)),
        JM_INT(core->clock->utc_ms(core->host)),
    };
    return run(core,
               "INSERT OR REPLACE INTO import_hot_ledger"
               " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
               args, JM_COUNT(args), NULL, NULL, NULL);
}

static jm_status count_row(void *user, const jm_value *columns, size_t count)
{
    int64_t *counts = user;
    (void)count;
    counts[outcome_of(columns[0].bytes)] = columns[1].integer;
    return JM_OK;
}

/* "FOLDER/STEM" of a path; to free(). */
static char *unit_of(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    size_t len = (size_t)(name - path) + unit_stem(name).len;
    return jm_span_dup((jm_span){path, len});
}

/* All paths that go on with a character lie between that and the next one, of which '/' follows
 * '.', and '0' follows '/'. The two ends of the range; to free(). False when out of memory. */
static bool range_of(const char *prefix, char between, char *ends_out[2])
{
    size_t size = strlen(prefix) + 2;
    for (int i = 0; i < 2; i++) {
        ends_out[i] = malloc(size);
        if (ends_out[i] != NULL) {
            snprintf(ends_out[i], size, "%s%c", prefix, between + i);
        }
    }
    return ends_out[0] != NULL && ends_out[1] != NULL;
}

struct whole {
    jm_span stem;
    enum file_kind kind; /* of the file that looks for its photograph */
    int64_t photo;
};

static bool goes_with(const struct whole *whole, const char *name)
{
    enum file_kind kind = kind_of_name(name);
    bool partner = whole->kind == KIND_RAW         ? kind == KIND_RENDITION
                   : whole->kind == KIND_RENDITION ? kind == KIND_RAW
                                                   : kind_is_photo(kind);
    return partner && jm_span_equal(name_stem(name), whole->stem);
}

static jm_status whole_row(void *user, const jm_value *columns, size_t count)
{
    struct whole *whole = user;
    (void)count;
    char *path = jm_span_dup(columns[0].bytes);
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    if (whole->photo == 0 && slash != NULL && goes_with(whole, slash + 1)) {
        whole->photo = columns[1].integer;
    }
    free(path);
    return JM_OK;
}

jm_status hot_ledger_find_whole(const struct import_core *core, const char *path, int64_t since_ms,
                                int64_t *photo_out)
{
    const char *name = strrchr(path, '/') + 1;
    struct whole whole = {.stem = unit_stem(name), .kind = kind_of_name(name)};
    char *ends[2] = {NULL, NULL};
    char *unit = unit_of(path);
    jm_status status = JM_ENOMEM;
    if (unit != NULL && range_of(unit, '.', ends)) {
        const jm_value args[] = {JM_BLOB(jm_span_of(ends[0])), JM_BLOB(jm_span_of(ends[1])),
                                 JM_INT(since_ms)};
        status = run(core,
                     "SELECT path, photo_id FROM import_hot_ledger"
                     " WHERE path >= ?1 AND path < ?2 AND photo_id IS NOT NULL AND utc_ms >= ?3"
                     " ORDER BY utc_ms DESC",
                     args, JM_COUNT(args), whole_row, &whole, NULL);
    }
    *photo_out = whole.photo;
    free(ends[0]);
    free(ends[1]);
    free(unit);
    return status;
}

jm_status hot_ledger_count(const struct import_core *core, const char *folder,
                           int64_t counts_out[HOT_OUTCOMES])
{
    char *ends[2] = {NULL, NULL};
    jm_status status = JM_ENOMEM;
    memset(counts_out, 0, HOT_OUTCOMES * sizeof counts_out[0]);
    if (range_of(folder, '/', ends)) {
        const jm_value args[] = {JM_BLOB(jm_span_of(ends[0])), JM_BLOB(jm_span_of(ends[1]))};
        status = run(core,
                     "SELECT outcome, count(*) FROM import_hot_ledger"
                     " WHERE path >= ?1 AND path < ?2 GROUP BY outcome",
                     args, JM_COUNT(args), count_row, counts_out, NULL);
    }
    free(ends[0]);
    free(ends[1]);
    return status;
}
