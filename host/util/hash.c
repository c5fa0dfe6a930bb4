/* Seeded hashing. Any thread once the first call has returned. */
#include "host/util/hash.h"

#define XXH_INLINE_ALL
#include <sys/random.h>
#include <xxhash.h>

static uint64_t seed;

uint64_t jmh_hash(const void *bytes, size_t len)
{
    if (seed == 0) {
        if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed || seed == 0) {
            seed = (uint64_t)(uintptr_t)&seed | 1u;
        }
    }
    return len > 0 ? XXH3_64bits_withSeed(bytes, len, seed) : seed;
}
