/* The hash of the host's tables: XXH3 of xxHash, seeded once per process so that nobody can choose
 * names that collide. */
#ifndef JMH_UTIL_HASH_H
#define JMH_UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t jmh_hash(const void *bytes, size_t len);

#endif
