/* When a file that appears in a hot folder is taken: it has been the same for a while, and nobody has
 * it open for writing. Pure; the time is the caller's. [any]
 *
 * No attempt is the last: a file that is refused is looked at again whenever it changes and, while it
 * does not, at growing distances. */
#ifndef IMPORT_HOT_SETTLE_H
#define IMPORT_HOT_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#define HOT_RETRY_MAX_MS 3600000u /* between attempts at a file that is not whole */
#define HOT_AGAIN_MAX_MS 30000u   /* where something else than the file is to blame */

/* What tells one state of a file from another. */
struct hot_signature {
    int64_t size;
    int64_t mtime_ns;
    int64_t ctime_ns;
    uint64_t inode;
};

/* What was seen in one look at a file. */
struct hot_sighting {
    bool there;   /* a regular file */
    bool written; /* somebody has it open for writing, as far as can be told */
    struct hot_signature signature;
    uint64_t beside; /* what is to be taken with it; hot_beside.h */
};

struct hot_settle {
    bool known; /* it has been seen */
    struct hot_signature signature;
    uint64_t beside;
    uint64_t since_ms; /* it has been like this */
    uint64_t due_ms;   /* of the next look */
    unsigned refusals; /* of this state */
};

enum hot_step {
    HOT_WAIT, /* look again at due_ms */
    HOT_TAKE,
    HOT_GONE,
};

bool hot_signature_equal(const struct hot_signature *a, const struct hot_signature *b);

/* The distance to the next attempt after `refusals` of them, at most `max_ms`. */
uint64_t hot_backoff_ms(unsigned refusals, uint64_t max_ms);

/* Something has happened to the file: look now. */
void hot_settle_touch(struct hot_settle *settle, uint64_t now_ms);

/* Judge what a look has seen. */
enum hot_step hot_settle_look(struct hot_settle *settle, const struct hot_sighting *sighting,
                              uint64_t now_ms, uint64_t settle_ms);

/* The file was taken and could not be imported: when to try again. */
void hot_settle_refuse(struct hot_settle *settle, uint64_t now_ms, uint64_t max_ms);

#endif
