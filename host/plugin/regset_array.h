/* What the files of the registration set share: growing arrays, common checks. [loop] */
#ifndef JMH_PLUGIN_REGSET_ARRAY_H
#define JMH_PLUGIN_REGSET_ARRAY_H

#include "host/plugin/regset.h"

/* Room for one more item behind `count`; `array` is the address of the array's pointer. */
bool jmh_array_grow(void *array, size_t count, size_t item_bytes);

/* Free what a type or route owns, the struct itself stays. */
void jmh_event_type_fini(struct jmh_event_type *type);
void jmh_route_fini(struct jmh_route *route);

jm_status jmh_regset_no_memory(const struct jmh_regset *set, struct jmh_err *err);
jm_status jmh_regset_check_name(const struct jmh_regset *set, const char *what, const char *name,
                                struct jmh_err *err);
jm_status jmh_regset_check_help(const struct jmh_regset *set, const char *what, const char *name,
                                const char *help, struct jmh_err *err);

#endif
