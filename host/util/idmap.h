/* A map from 64-bit ids (never 0) to pointers: open addressing, 16 bytes an entry. */
#ifndef JMH_UTIL_IDMAP_H
#define JMH_UTIL_IDMAP_H

#include <junmai/types.h>
#include <stdbool.h>

struct jmh_idmap_entry {
    uint64_t id;
    void *value;
};

/* Zero-initialise to begin. */
struct jmh_idmap {
    struct jmh_idmap_entry *entries;
    size_t cap; /* a power of two, or 0 */
    size_t count;
};

void jmh_idmap_fini(struct jmh_idmap *map);
/* false when out of memory. */
bool jmh_idmap_put(struct jmh_idmap *map, uint64_t id, void *value);
void *jmh_idmap_get(const struct jmh_idmap *map, uint64_t id);
/* Remove and return; NULL where there was none. */
void *jmh_idmap_take(struct jmh_idmap *map, uint64_t id);
/* Walk: start with *cursor 0; NULL at the end. The map must not change meanwhile. */
void *jmh_idmap_next(const struct jmh_idmap *map, size_t *cursor);

#endif
