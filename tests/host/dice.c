/* Random numbers that can be had again: see dice.h. */
#include "dice.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void dice_init(struct dice *dice_out, const char *test)
{
    const char *given = getenv("JUNMAI_TEST_SEED");
    uint32_t seed = 1;
    if (given && *given)
        seed = (uint32_t)strtoul(given, NULL, 10);
    else if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        perror("getrandom");
    printf("%s: JUNMAI_TEST_SEED=%u repeats this run\n", test, seed);
    fflush(stdout);
    dice_out->state = seed;
}

/* SplitMix64: one addition, and a mixing of its bits. */
unsigned dice_roll(struct dice *dice, unsigned count)
{
    uint64_t x = dice->state += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (unsigned)((x ^ x >> 31) % count);
}
