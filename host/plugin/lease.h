/* Leases: what a plugin has under way, by name.
 *
 * Timers, watches, work, tasks, open requests and sessions of a plugin each hold a lease; a drain
 * waits for them and an operator reads them. A lease's id is the id that the plugin holds. [loop] */
#ifndef JMH_PLUGIN_LEASE_H
#define JMH_PLUGIN_LEASE_H

#include <junmai/types.h>
#include <stdbool.h>

enum jmh_lease_kind {
    JMH_LEASE_TIMER = 1,
    JMH_LEASE_WATCH,
    JMH_LEASE_WORK,
    JMH_LEASE_TASK,
    JMH_LEASE_REQUEST,
    JMH_LEASE_CLIENT,
};

struct jmh_plugin;
struct jmh_lease_list;

struct jmh_lease {
    jm_id id;
    enum jmh_lease_kind kind;
    char *label;
    uint64_t since_ms; /* monotonic */
    struct jmh_plugin *owner;
    void *object; /* what it is about; the kind's own file knows the type */
    struct jmh_lease *prev, *next;
};

struct jmh_lease_list *jmh_leases_new(void);
/* All leases must have been dropped. */
void jmh_leases_free(struct jmh_lease_list *leases);
/* Under a new id, or under that of an object which has one already (a task, a request, a client).
 * NULL when out of memory. */
struct jmh_lease *jmh_lease_take(struct jmh_plugin *owner, enum jmh_lease_kind kind,
                                 const char *label, void *object);
struct jmh_lease *jmh_lease_take_id(struct jmh_plugin *owner, enum jmh_lease_kind kind, jm_id id,
                                    const char *label, void *object);
void jmh_lease_drop(struct jmh_lease *lease);
/* By id and kind, of that owner; NULL where it is stale. */
struct jmh_lease *jmh_lease_get(const struct jmh_plugin *owner, enum jmh_lease_kind kind, jm_id id);
struct jmh_lease *jmh_leases_first(const struct jmh_plugin *owner);
size_t jmh_leases_count(const struct jmh_plugin *owner);
const char *jmh_lease_kind_name(enum jmh_lease_kind kind);

#endif
