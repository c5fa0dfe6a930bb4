/* Settling of files. Pure. [any] */
#include "hot_settle.h"

#define RETRY_FIRST_MS 2000u

bool hot_signature_equal(const struct hot_signature *a, const struct hot_signature *b)
{
    return a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns &&
           a->inode == b->inode;
}

uint64_t hot_backoff_ms(unsigned refusals, uint64_t max_ms)
{
    unsigned doublings = refusals < 32 ? refusals : 32;
    uint64_t wait_ms = (uint64_t)RETRY_FIRST_MS << doublings;
    return wait_ms < max_ms ? wait_ms : max_ms;
}

void hot_settle_touch(struct hot_settle *settle, uint64_t now_ms)
{
    settle->refusals = 0;
    settle->due_ms = now_ms;
}

enum hot_step hot_settle_look(struct hot_settle *settle, const struct hot_sighting *sighting,
                              uint64_t now_ms, uint64_t settle_ms)
{
    if (!sighting->there) {
        return HOT_GONE;
    }
    if (!settle->known || settle->beside != sighting->beside ||
        !hot_signature_equal(&settle->signature, &sighting->signature)) {
        *settle = (struct hot_settle){
            .known = true,
            .signature = sighting->signature,
            .beside = sighting->beside,
            .since_ms = now_ms,
            .due_ms = now_ms + settle_ms,
        };
        return HOT_WAIT;
    }
    if (settle->signature.size == 0) { /* somebody has made the name, and writes later */
        hot_settle_refuse(settle, now_ms, HOT_RETRY_MAX_MS);
        return HOT_WAIT;
    }
    if (now_ms - settle->since_ms < settle_ms) {
        settle->due_ms = settle->since_ms + settle_ms;
        return HOT_WAIT;
    }
    if (sighting->written) {
        settle->due_ms = now_ms + settle_ms;
        return HOT_WAIT;
    }
    return HOT_TAKE;
}

void hot_settle_refuse(struct hot_settle *settle, uint64_t now_ms, uint64_t max_ms)
{
    settle->due_ms = now_ms + hot_backoff_ms(settle->refusals, max_ms);
    settle->refusals++;
}
