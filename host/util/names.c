/* Interned names. [loop] */
#include "host/util/names.h"

#include "host/util/hash.h"
#include "host/util/span.h"

#include <stdlib.h>

struct jmh_names {
    char **texts;      /* by number - 1 */
    uint32_t *buckets; /* numbers, 0 empty; a power of two, at most half full */
    uint32_t count, limit, bucket_count;
};

struct jmh_names *jmh_names_new(uint32_t limit)
{
    struct jmh_names *names = calloc(1, sizeof *names);
    if (names == NULL) {
        return NULL;
    }
    names->limit = limit;
    names->bucket_count = 16;
    while (names->bucket_count < limit * 2) {
        names->bucket_count *= 2;
    }
    names->texts = calloc(limit, sizeof *names->texts);
    names->buckets = calloc(names->bucket_count, sizeof *names->buckets);
    if (names->texts == NULL || names->buckets == NULL) {
        jmh_names_free(names);
        return NULL;
    }
    return names;
}

void jmh_names_free(struct jmh_names *names)
{
    if (names == NULL) {
        return;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        free(names->texts[i]);
    }
    free(names->texts);
    free(names->buckets);
    free(names);
}

/* The bucket of a name: where it is, or where it would go. */
static uint32_t *bucket(const struct jmh_names *names, jm_span name)
{
    uint32_t at = (uint32_t)jmh_hash(name.ptr, name.len) & (names->bucket_count - 1);
    while (names->buckets[at] != 0 && !jmh_span_is(name, names->texts[names->buckets[at] - 1])) {
        at = (at + 1) & (names->bucket_count - 1);
    }
    return &names->buckets[at];
}

uint32_t jmh_names_find(const struct jmh_names *names, jm_span name)
{
    return *bucket(names, name);
}

uint32_t jmh_names_intern(struct jmh_names *names, jm_span name)
{
    uint32_t *at = bucket(names, name);
    if (*at != 0 || names->count == names->limit) {
        return *at;
    }
    char *text = jmh_span_dup(name);
    if (text == NULL) {
        return 0;
    }
    names->texts[names->count++] = text;
    *at = names->count;
    return *at;
}

const char *jmh_names_text(const struct jmh_names *names, uint32_t number)
{
    return number > 0 && number <= names->count ? names->texts[number - 1] : "";
}

uint32_t jmh_names_count(const struct jmh_names *names)
{
    return names->count;
}
