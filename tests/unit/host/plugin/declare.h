/* Short ways to declare things in a registration set. */
#ifndef DECLARE_H
#define DECLARE_H

#include "host/plugin/regset.h"

jm_status declare_route(struct jmh_regset *set, const char *method, const char *path,
                        struct jmh_err *err);
/* An event type with the one field "id". */
jm_status declare_type(struct jmh_regset *set, const char *name, const char *channel,
                       int32_t retention, const char *conflate_key, struct jmh_err *err);

#endif
