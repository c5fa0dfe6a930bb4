/* Random numbers that can be had again: the seed is printed, and JUNMAI_TEST_SEED sets it. */
#ifndef HOST_TESTS_DICE_H
#define HOST_TESTS_DICE_H

#include <stdint.h>

struct dice {
    uint64_t state;
};

void dice_init(struct dice *dice_out, const char *test);

/* A number from 0 to count - 1. */
unsigned dice_roll(struct dice *dice, unsigned count);

#endif
