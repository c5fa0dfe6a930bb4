/* The slots of services: a list, as there are few. [loop] */
#include "host/plugin/slots.h"

#include <stdlib.h>
#include <string.h>

struct jmh_slot {
    jm_service_slot service;
    char *id;
    struct jmh_slot *next;
};

void jmh_slots_fini(struct jmh_slots *slots)
{
    while (slots->first != NULL) {
        struct jmh_slot *slot = slots->first;
        slots->first = slot->next;
        free(slot->id);
        free(slot);
    }
}

jm_service_slot *jmh_slots_get(struct jmh_slots *slots, const char *id)
{
    for (struct jmh_slot *slot = slots->first; slot != NULL; slot = slot->next)
        if (strcmp(slot->id, id) == 0)
            return &slot->service;
    struct jmh_slot *slot = calloc(1, sizeof *slot);
    char *own_id = strdup(id);
    if (slot == NULL || own_id == NULL) {
        free(slot);
        free(own_id);
        return NULL;
    }
    slot->id = own_id;
    slot->next = slots->first;
    slots->first = slot;
    return &slot->service;
}

void jmh_slots_fill(struct jmh_slots *slots, const struct jmh_regset *set)
{
    for (size_t i = 0; i < set->service_count; i++) {
        jm_service_slot *slot = jmh_slots_get(slots, set->services[i].id);
        if (slot == NULL)
            continue; /* its consumers would have made it: nobody is there to miss it */
        slot->table = set->services[i].table;
        slot->provider_data = set->services[i].provider_data;
        slot->generation++;
    }
}

void jmh_slots_empty(struct jmh_slots *slots, const struct jmh_regset *set)
{
    for (size_t i = 0; i < set->service_count; i++) {
        jm_service_slot *slot = jmh_slots_get(slots, set->services[i].id);
        if (slot == NULL || slot->table != set->services[i].table)
            continue;
        slot->table = NULL;
        slot->provider_data = NULL;
    }
}
