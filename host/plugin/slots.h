/* Where the tables of services are found: one slot an id, for as long as the registry lives, filled
 * while the provider is active. [loop] */
#ifndef JMH_PLUGIN_SLOTS_H
#define JMH_PLUGIN_SLOTS_H

#include "host/plugin/regset.h"

#include <junmai/ext/service.h>

struct jmh_slot;

/* Zero-initialise to begin. */
struct jmh_slots {
    struct jmh_slot *first;
};

void jmh_slots_fini(struct jmh_slots *slots);
/* The slot of an id, made on first use; NULL when out of memory. Its address never changes. */
jm_service_slot *jmh_slots_get(struct jmh_slots *slots, const char *id);
/* The services of a set are there; they are away. */
void jmh_slots_fill(struct jmh_slots *slots, const struct jmh_regset *set);
void jmh_slots_empty(struct jmh_slots *slots, const struct jmh_regset *set);

#endif
