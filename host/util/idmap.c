/* Ids to pointers: linear probing, deletion by shifting back. One owner. */
#include "host/util/idmap.h"

#include <stdlib.h>

#define IDMAP_FIRST 16

static size_t home(const struct jmh_idmap *map, uint64_t id)
{
    return (size_t)((id * 0x9e3779b97f4a7c15u) >> 20) & (map->cap - 1);
}

void jmh_idmap_fini(struct jmh_idmap *map)
{
    free(map->entries);
    *map = (struct jmh_idmap){0};
}

static void insert(struct jmh_idmap *map, uint64_t id, void *value)
{
    size_t at = home(map, id);
    while (map->entries[at].id != 0 && map->entries[at].id != id) {
        at = (at + 1) & (map->cap - 1);
    }
    map->count += map->entries[at].id == 0;
    map->entries[at] = (struct jmh_idmap_entry){id, value};
}

static bool grow(struct jmh_idmap *map)
{
    struct jmh_idmap bigger = {.cap = map->cap > 0 ? map->cap * 2 : IDMAP_FIRST};
    bigger.entries = calloc(bigger.cap, sizeof *bigger.entries);
    if (bigger.entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < map->cap; i++) {
        if (map->entries[i].id != 0) {
            insert(&bigger, map->entries[i].id, map->entries[i].value);
        }
    }
    free(map->entries);
    *map = bigger;
    return true;
}

bool jmh_idmap_put(struct jmh_idmap *map, uint64_t id, void *value)
{
    if (map->count >= map->cap / 4 * 3 && !grow(map)) {
        return false;
    }
    insert(map, id, value);
    return true;
}

/* The slot of an id, or the cap where there is none. */
static size_t find(const struct jmh_idmap *map, uint64_t id)
{
    if (map->cap == 0 || id == 0) {
        return map->cap;
    }
    for (size_t at = home(map, id); map->entries[at].id != 0; at = (at + 1) & (map->cap - 1)) {
        if (map->entries[at].id == id) {
            return at;
        }
    }
    return map->cap;
}

void *jmh_idmap_get(const struct jmh_idmap *map, uint64_t id)
{
    size_t at = find(map, id);
    return at < map->cap ? map->entries[at].value : NULL;
}

void *jmh_idmap_take(struct jmh_idmap *map, uint64_t id)
{
    size_t hole = find(map, id);
    if (hole == map->cap) {
        return NULL;
    }
    void *value = map->entries[hole].value;
    size_t at = hole;
    for (;;) {
        at = (at + 1) & (map->cap - 1);
        if (map->entries[at].id == 0) {
            break;
        }
        size_t from_home = (at - home(map, map->entries[at].id)) & (map->cap - 1);
        if (from_home >= ((at - hole) & (map->cap - 1))) {
            map->entries[hole] = map->entries[at];
            hole = at;
        }
    }
    map->entries[hole] = (struct jmh_idmap_entry){0, NULL};
    map->count--;
    return value;
}

void *jmh_idmap_next(const struct jmh_idmap *map, size_t *cursor)
{
    while (*cursor < map->cap) {
        const struct jmh_idmap_entry *entry = &map->entries[(*cursor)++];
        if (entry->id != 0) {
            return entry->value;
        }
    }
    return NULL;
}
