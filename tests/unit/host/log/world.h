/* A log with its sets and its reader, over the store of fake_store.h; events whose bodies say which
 * they are; and reads that take the bytes apart again and check them. */
#ifndef LOG_WORLD_H
#define LOG_WORLD_H

#include "host/log/cursor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define WORLD_EPOCH "abcdef0123456789"
#define WORLD_EVENTS 20000

struct world {
    uint64_t first_seq;
    struct jmh_log *log;
    struct jmh_sets *sets;
    struct jmh_reader *reader;
    struct jmh_names *channels, *types;
    size_t pads[WORLD_EVENTS]; /* of the bodies, by seq - first_seq */
};

void world_open(struct world *world, uint64_t first_seq, size_t bytes, uint32_t entries);
void world_close(struct world *world);
/* "" is everyone, "*" is all. */
uint32_t world_channel(struct world *world, const char *name);
uint32_t world_type(struct world *world, const char *name);
/* `flags` are JMH_ENTRY_*, `key` is for a conflated one. The seq. */
uint64_t world_publish(struct world *world, const char *channel, const char *type, uint32_t flags,
                       const char *key, size_t pad);

/* What one read brought. */
struct received {
    uint64_t seqs[1024];
    size_t count;
    bool more;
    uint64_t missed_from, missed_to;
    const uint8_t *bytes;
};
jm_status world_read(struct world *world, struct jmh_cursor *cursor, enum jmh_form form,
                     size_t max_bytes, struct received *received_out);
/* Read until nothing is left, as frames, and demand exactly these seqs (the list ends with 0). */
void world_expect(struct world *world, struct jmh_cursor *cursor, const uint64_t *seqs);

/* A cursor at the head that listens to nothing. */
struct jmh_cursor world_cursor(struct world *world);
/* Add or change one channel; `types` as in jmh_sub. `since` JMH_SINCE_NOW to begin now. */
void world_join(struct world *world, struct jmh_cursor *cursor, const char *channel,
                const uint32_t *types, uint64_t since);
void world_leave(struct world *world, struct jmh_cursor *cursor, const char *channel);

#endif
