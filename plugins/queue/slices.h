/* Requests that go on in slices (bulk.c, sweep.c): a list, so that none is forgotten where the plugin
 * ends before they do. The host answers them then. */
#ifndef QUEUE_SLICES_H
#define QUEUE_SLICES_H

#include "core.h"

/* Embedded in what goes on. */
struct slices {
    struct slices *next;
    struct slices **place;
    void (*end)(void *owner); /* frees the owner, and removes this */
    void *owner;
};

static inline void slices_add(struct queue *q, struct slices *slices)
{
    slices->next = q->slices;
    slices->place = &q->slices;
    if (slices->next != NULL)
        slices->next->place = &slices->next;
    q->slices = slices;
}

static inline void slices_remove(struct slices *slices)
{
    *slices->place = slices->next;
    if (slices->next != NULL)
        slices->next->place = slices->place;
}

/* All of them. [destroy] */
static inline void slices_end(struct queue *q)
{
    while (q->slices != NULL)
        q->slices->end(q->slices->owner);
}

#endif
