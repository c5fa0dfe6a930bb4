/* List, compare, remove. Loop thread, but for run_list. */
#include "sweep.h"

#include "cache.h"
#include "job.h"
#include "paths.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct entry {
    char hash[HASH_BYTES];
    int edge;
};

struct listing {
    struct preview_core *core;
    char shard[SHARD_BYTES];
    struct entry *entries;
    size_t count, capacity;
};

static void listing_free(struct listing *listing)
{
    free(listing->entries);
    free(listing);
}

/* False when out of memory. */
static bool add_entry(struct listing *listing, const struct entry *entry)
{
    if (listing->count == listing->capacity) {
        size_t capacity = listing->capacity == 0 ? 256 : listing->capacity * 2;
        struct entry *entries = realloc(listing->entries, capacity * sizeof *entries);
        if (entries == NULL) {
            return false;
        }
        listing->entries = entries;
        listing->capacity = capacity;
    }
    listing->entries[listing->count++] = *entry;
    return true;
}

static void shard_path(const struct listing *listing, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", listing->core->folder, listing->shard);
}

static jm_status run_list(void *user)
{
    struct listing *listing = user;
    struct entry entry;
    const struct dirent *found;
    char path[PATH_MAX];
    jm_status status = JM_OK;
    shard_path(listing, path, sizeof path);
    DIR *folder = opendir(path);
    while (folder != NULL && status == JM_OK && (found = readdir(folder)) != NULL) {
        if (path_parse_name(found->d_name, entry.hash, &entry.edge) &&
            strncmp(entry.hash, listing->shard, SHARD_BYTES - 1) == 0) {
            status = add_entry(listing, &entry) ? JM_OK : JM_ENOMEM;
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return status;
}

static jm_status take_count(void *user, const jm_value *columns, size_t count)
{
    int64_t *rows = user;
    (void)count;
    *rows = columns[0].integer;
    return JM_OK;
}

/* Files that no row knows, unless a job is just bringing them. */
static void remove_orphans(struct preview_core *core, const struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        const struct entry *entry = &listing->entries[i];
        const jm_value args[] = {value_text(entry->hash), value_int(entry->edge)};
        int64_t rows = 1;
        jm_status status = core->store->exec(
            core->host, "SELECT count(*) FROM preview_files WHERE hash = ?1 AND edge = ?2", args,
            JM_COUNT(args), take_count, &rows, NULL);
        if (status == JM_OK && rows == 0 && job_of_content(core, entry->hash) == NULL) {
            cache_remove(core, entry->hash, entry->edge);
        }
    }
}

static jm_status take_row(void *user, const jm_value *columns, size_t count)
{
    struct entry entry;
    (void)count;
    snprintf(entry.hash, sizeof entry.hash, "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    entry.edge = (int)columns[1].integer;
    return add_entry(user, &entry) ? JM_OK : JM_ENOMEM;
}

/* Rows whose file is not there. */
static void remove_widows(struct preview_core *core, const struct listing *listing)
{
    struct listing rows = {.core = core};
    char name[NAME_BYTES];
    char path[PATH_MAX];
    char first[HASH_BYTES];
    char last[HASH_BYTES];
    snprintf(first, sizeof first, "%s", listing->shard);
    snprintf(last, sizeof last, "%s~", listing->shard); /* behind every digit */
    const jm_value args[] = {value_text(first), value_text(last)};
    (void)core->store->exec(core->host,
                            "SELECT hash, edge FROM preview_files WHERE hash >= ?1 AND hash < ?2",
                            args, JM_COUNT(args), take_row, &rows, NULL);
    for (size_t i = 0; i < rows.count; i++) {
        path_of_file(rows.entries[i].hash, rows.entries[i].edge, name);
        snprintf(path, sizeof path, "%s/%s", core->folder, name);
        if (access(path, F_OK) != 0) {
            cache_remove(core, rows.entries[i].hash, rows.entries[i].edge);
        }
    }
    free(rows.entries);
}

static void start_shard(struct preview_core *core);

static jm_status on_listed(void *user, jm_id work, jm_status status)
{
    struct listing *listing = user;
    struct preview_core *core = listing->core;
    (void)work;
    if (status == JM_OK) {
        remove_orphans(core, listing);
        remove_widows(core, listing);
    }
    listing_free(listing);
    core->sweeping = false;
    core->sweep_shard++;
    if (core->active && status != JM_ECANCELLED) {
        start_shard(core);
    }
    return JM_OK;
}

static void start_shard(struct preview_core *core)
{
    jm_id work;
    if (core->sweep_shard >= SHARD_COUNT) {
        cache_count(core);
        return;
    }
    struct listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL) {
        return;
    }
    listing->core = core;
    path_shard(core->sweep_shard, listing->shard);
    core->sweeping = core->work->submit(core->host, "look through the thumbnails", run_list,
                                        on_listed, listing, &work) == JM_OK;
    if (!core->sweeping) {
        listing_free(listing);
    }
}

void sweep_start(struct preview_core *core)
{
    if (!core->sweeping) {
        core->sweep_shard = 0;
        start_shard(core);
    }
}
