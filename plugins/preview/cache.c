/* Rows, files, and which of them go when there are too many. */
#define _GNU_SOURCE
#include "cache.h"

#include "paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A thumbnail that is asked for again so soon is not written down as used again. */
#define TOUCH_MS 60000
#define EVICT_AT_ONCE 64

/* The absolute path of a name below the cache's folder; "" where it is too long. */
static void path_in(const struct preview_core *core, const char *name, char *out, size_t size)
{
    int len = snprintf(out, size, "%s/%s", core->folder, name);
    if (len < 0 || (size_t)len >= size) {
        out[0] = '\0';
    }
}

static void show_bytes(struct preview_core *core)
{
    core->metric->set(core->host, core->metrics.cache_bytes, (double)core->cached_bytes);
}

static jm_status take_int(void *user, const jm_value *columns, size_t count)
{
    int64_t *value = user;
    (void)count;
    *value = columns[0].type == JM_VALUE_INT ? columns[0].integer : 0;
    return JM_OK;
}

void cache_count(struct preview_core *core)
{
    int64_t bytes = 0;
    if (core->store->exec(core->host, "SELECT sum(bytes) FROM preview_files", NULL, 0, take_int,
                          &bytes, NULL) == JM_OK) {
        core->cached_bytes = bytes;
        show_bytes(core);
    }
}

static void remove_parts(const struct preview_core *core)
{
    DIR *folder = opendir(core->folder);
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (path_is_part(entry->d_name)) {
            unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

jm_status cache_prepare(struct preview_core *core)
{
    const jm_value recipe = value_int(PREVIEW_RECIPE);
    if (mkdir(core->folder, 0755) != 0 && errno != EEXIST) {
        return preview_fail(core, JM_EIO,
                            "the folder %s for thumbnails cannot be made: %s; make the data "
                            "directory writable",
                            core->folder, strerror(errno));
    }
    if (core->jobs == NULL) {
        remove_parts(core);
    }
    jm_status status = core->store->exec(core->host, "DELETE FROM preview_files WHERE recipe <> ?1",
                                         &recipe, 1, NULL, NULL, NULL);
    if (status == JM_OK) {
        cache_count(core);
    }
    return status;
}

static jm_status take_row(void *user, const jm_value *columns, size_t count)
{
    int64_t *row = user;
    for (size_t i = 0; i < count && i < 2; i++) {
        row[i] = columns[i].integer;
    }
    return JM_OK;
}

bool cache_has(struct preview_core *core, const char *hash)
{
    int64_t count = 0;
    const jm_value args[] = {value_text(hash)};
    return core->store->exec(core->host, "SELECT count(*) FROM preview_files WHERE hash = ?1", args,
                             1, take_int, &count, NULL) == JM_OK &&
           count == PREVIEW_SIZE_COUNT;
}

static void touch(struct preview_core *core, const char *hash, int edge, int64_t used_ms)
{
    int64_t now_ms = core->clock->utc_ms(core->host);
    const jm_value args[] = {value_text(hash), value_int(edge), value_int(now_ms)};
    if (now_ms - used_ms >= TOUCH_MS || now_ms < used_ms) {
        (void)core->store->exec(core->host,
                                "UPDATE preview_files SET used_ms = ?3"
                                " WHERE hash = ?1 AND edge = ?2",
                                args, JM_COUNT(args), NULL, NULL, NULL);
    }
}

int cache_open(struct preview_core *core, const char *hash, int size)
{
    enum { BYTES, USED, COLUMNS };
    int64_t row[COLUMNS] = {0};
    char name[NAME_BYTES];
    char path[PATH_MAX];
    struct stat info;
    int edge = preview_sizes[size].edge;
    const jm_value args[] = {value_text(hash), value_int(edge)};
    jm_status status = core->store->exec(core->host,
                                         "SELECT bytes, used_ms FROM preview_files"
                                         " WHERE hash = ?1 AND edge = ?2",
                                         args, JM_COUNT(args), take_row, row, NULL);
    if (status < 0 || row[BYTES] == 0) {
        return -1;
    }
    path_of_file(hash, edge, name);
    path_in(core, name, path, sizeof path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    /* After a power cut a file may be there without what was in it. */
    if (fd < 0 || fstat(fd, &info) != 0 || info.st_size != row[BYTES]) {
        if (fd >= 0) {
            close(fd);
        }
        cache_remove(core, hash, edge);
        return -1;
    }
    touch(core, hash, edge, row[USED]);
    return fd;
}

struct victims {
    struct victim {
        char hash[HASH_BYTES];
        int edge;
        int64_t bytes;
    } list[EVICT_AT_ONCE];
    size_t count;
    int64_t excess; /* bytes that are still too many */
};

static jm_status take_victim(void *user, const jm_value *columns, size_t count)
{
    struct victims *victims = user;
    (void)count;
    if (victims->excess <= 0 || victims->count == EVICT_AT_ONCE) {
        return JM_OK;
    }
    struct victim *victim = &victims->list[victims->count++];
    snprintf(victim->hash, sizeof victim->hash, "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    victim->edge = (int)columns[1].integer;
    victim->bytes = columns[2].integer;
    victims->excess -= victim->bytes;
    return JM_OK;
}

/* Let go of what was not used longest, until the rest fits. */
static void make_room(struct preview_core *core)
{
    struct victims victims = {.excess = core->cached_bytes - core->options.cache_bytes};
    const jm_value args[] = {value_int(EVICT_AT_ONCE)};
    if (victims.excess <= 0 ||
        core->store->exec(core->host,
                          "SELECT hash, edge, bytes FROM preview_files ORDER BY used_ms LIMIT ?1",
                          args, 1, take_victim, &victims, NULL) < 0) {
        return;
    }
    for (size_t i = 0; i < victims.count; i++) {
        cache_remove(core, victims.list[i].hash, victims.list[i].edge);
    }
}

static jm_status add_row(struct preview_core *core, const char *hash, int edge, int64_t bytes)
{
    const jm_value args[] = {value_text(hash), value_int(edge), value_int(PREVIEW_RECIPE),
                             value_int(bytes), value_int(core->clock->utc_ms(core->host))};
    int64_t before = 0;
    jm_status status = core->store->exec(
        core->host, "SELECT bytes FROM preview_files WHERE hash = ?1 AND edge = ?2", args, 2,
        take_int, &before, NULL);
    if (status == JM_OK) {
        status =
            core->store->exec(core->host,
                              "INSERT OR REPLACE INTO preview_files"
                              "(hash, edge, recipe, bytes, used_ms) VALUES(?1, ?2, ?3, ?4, ?5)",
                              args, JM_COUNT(args), NULL, NULL, NULL);
    }
    if (status == JM_OK) {
        core->cached_bytes += bytes - before;
    }
    return status;
}

jm_status cache_add(struct preview_core *core, const char *hash,
                    const int64_t bytes[PREVIEW_SIZE_COUNT])
{
    jm_status status = JM_OK;
    for (int i = 0; i < PREVIEW_SIZE_COUNT && status == JM_OK; i++) {
        status = add_row(core, hash, preview_sizes[i].edge, bytes[i]);
    }
    if (status == JM_OK) {
        make_room(core);
    }
    show_bytes(core);
    return status;
}

void cache_remove(struct preview_core *core, const char *hash, int edge)
{
    char name[NAME_BYTES];
    char path[PATH_MAX];
    int64_t bytes = 0;
    const jm_value args[] = {value_text(hash), value_int(edge)};
    (void)core->store->exec(core->host,
                            "SELECT bytes FROM preview_files WHERE hash = ?1 AND edge = ?2", args,
                            JM_COUNT(args), take_int, &bytes, NULL);
    if (core->store->exec(core->host, "DELETE FROM preview_files WHERE hash = ?1 AND edge = ?2",
                          args, JM_COUNT(args), NULL, NULL, NULL) == JM_OK) {
        core->cached_bytes -= bytes;
    }
    path_of_file(hash, edge, name);
    path_in(core, name, path, sizeof path);
    unlink(path);
    show_bytes(core);
}
