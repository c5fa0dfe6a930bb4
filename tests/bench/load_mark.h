/*
 * What an event of the load carries in its data: {"mark":"PPPNNNNNNNNTTTTTTTTTTTT","fill":"..."}
 * with the publisher, its event's number and the time of sending, all in hexadecimal digits of a
 * fixed width, so that the mark is patched into a ready request and found again by a scan.
 */
#ifndef LOAD_MARK_H
#define LOAD_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARK_DIGITS 23
#define MARK_PUBLISHERS 4096

struct mark {
    unsigned publisher;
    uint32_t number;
    int64_t time_us; /* CLOCK_MONOTONIC */
};

int64_t mark_clock_us(void);

/* Writes MARK_DIGITS characters, without a NUL. */
void mark_write(char *digits_out, const struct mark *mark);

/* Finds the mark in a message; false when there is none. */
bool mark_find(const char *message, size_t count, struct mark *mark_out);

#endif
