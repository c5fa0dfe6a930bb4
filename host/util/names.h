/* Interned names: a small number for each channel and event type that was ever mentioned. Numbers
 * begin at 1, live as long as the process and are bounded, so that nobody can fill the memory with
 * invented names. */
#ifndef JMH_UTIL_NAMES_H
#define JMH_UTIL_NAMES_H

#include <junmai/types.h>

struct jmh_names;

struct jmh_names *jmh_names_new(uint32_t limit);
void jmh_names_free(struct jmh_names *names);
/* The number of a name, made when it is new; 0 beyond the limit. */
uint32_t jmh_names_intern(struct jmh_names *names, jm_span name);
/* The number of a name, 0 where it was never interned. */
uint32_t jmh_names_find(const struct jmh_names *names, jm_span name);
/* NUL-terminated; "" for 0. */
const char *jmh_names_text(const struct jmh_names *names, uint32_t number);
uint32_t jmh_names_count(const struct jmh_names *names);

#endif
