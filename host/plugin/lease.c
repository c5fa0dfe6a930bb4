/* Leases: a list in the order in which they were taken, and a map from ids. [loop] */
#include "host/plugin/lease.h"

#include "host/plugin/plugin.h"
#include "host/util/idmap.h"
#include "host/util/time.h"

#include <stdlib.h>
#include <string.h>

#define KIND_BITS 3

struct jmh_lease_list {
    struct jmh_lease *first, *last;
    struct jmh_idmap by_key; /* ids of several kinds come from several counters: key_of() */
};

static jm_id last_id;

static uint64_t key_of(enum jmh_lease_kind kind, jm_id id)
{
    return id << KIND_BITS | (uint64_t)kind;
}

struct jmh_lease_list *jmh_leases_new(void)
{
    return calloc(1, sizeof(struct jmh_lease_list));
}

void jmh_leases_free(struct jmh_lease_list *leases)
{
    if (leases == NULL)
        return;
    jmh_idmap_fini(&leases->by_key);
    free(leases);
}

struct jmh_lease *jmh_lease_take(struct jmh_plugin *owner, enum jmh_lease_kind kind,
                                 const char *label, void *object)
{
    return jmh_lease_take_id(owner, kind, ++last_id, label, object);
}

struct jmh_lease *jmh_lease_take_id(struct jmh_plugin *owner, enum jmh_lease_kind kind, jm_id id,
                                    const char *label, void *object)
{
    struct jmh_lease_list *leases = owner->leases;
    struct jmh_lease *lease = calloc(1, sizeof *lease);
    char *own_label = strdup(label);
    if (lease == NULL || own_label == NULL ||
        !jmh_idmap_put(&leases->by_key, key_of(kind, id), lease)) {
        free(lease);
        free(own_label);
        return NULL;
    }
    *lease = (struct jmh_lease){.id = id,
                                .kind = kind,
                                .label = own_label,
                                .since_ms = jmh_time_monotonic_ms(),
                                .owner = owner,
                                .object = object,
                                .prev = leases->last};
    if (leases->last != NULL)
        leases->last->next = lease;
    else
        leases->first = lease;
    leases->last = lease;
    return lease;
}

void jmh_lease_drop(struct jmh_lease *lease)
{
    if (lease == NULL)
        return;
    struct jmh_lease_list *leases = lease->owner->leases;
    jmh_idmap_take(&leases->by_key, key_of(lease->kind, lease->id));
    if (lease->prev != NULL)
        lease->prev->next = lease->next;
    else
        leases->first = lease->next;
    if (lease->next != NULL)
        lease->next->prev = lease->prev;
    else
        leases->last = lease->prev;
    free(lease->label);
    free(lease);
}

struct jmh_lease *jmh_lease_get(const struct jmh_plugin *owner, enum jmh_lease_kind kind, jm_id id)
{
    if (owner->leases == NULL || id == 0 || id > UINT64_MAX >> KIND_BITS)
        return NULL;
    return jmh_idmap_get(&owner->leases->by_key, key_of(kind, id));
}

struct jmh_lease *jmh_leases_first(const struct jmh_plugin *owner)
{
    return owner->leases->first;
}

size_t jmh_leases_count(const struct jmh_plugin *owner)
{
    return owner->leases->by_key.count;
}

const char *jmh_lease_kind_name(enum jmh_lease_kind kind)
{
    switch (kind) {
    case JMH_LEASE_TIMER:
        return "timer";
    case JMH_LEASE_WATCH:
        return "watch";
    case JMH_LEASE_WORK:
        return "work";
    case JMH_LEASE_TASK:
        return "task";
    case JMH_LEASE_REQUEST:
        return "request";
    case JMH_LEASE_CLIENT:
        return "client";
    }
    return "?";
}
