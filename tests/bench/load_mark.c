/* The mark that an event of the load carries: see load_mark.h. */
#include "load_mark.h"

#include <string.h>
#include <time.h>

static const char key[] = "\"mark\":";

int64_t mark_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static char *write_hex(char *at, uint64_t value, unsigned digits)
{
    for (unsigned i = 0; i < digits; ++i)
        at[i] = "0123456789abcdef"[value >> (4 * (digits - 1 - i)) & 15];
    return at + digits;
}

static uint64_t read_hex(const char *at, unsigned digits)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < digits; ++i) {
        unsigned digit = (unsigned char)at[i];
        value = value << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

void mark_write(char *digits_out, const struct mark *mark)
{
    char *at = write_hex(digits_out, mark->publisher, 3);
    at = write_hex(at, mark->number, 8);
    write_hex(at, (uint64_t)mark->time_us, 12);
}

bool mark_find(const char *message, size_t count, struct mark *mark_out)
{
    /* Counted from the end it is in the same place in every event, unless a server reorders. */
    static size_t place_from_end;
    const size_t key_bytes = sizeof key - 1;
    const char *end = message + count;
    const char *at = NULL;
    if (place_from_end > 0 && place_from_end <= count &&
        memcmp(end - place_from_end, key, key_bytes) == 0)
        at = end - place_from_end;
    if (!at)
        at = memmem(message, count, key, key_bytes);
    if (!at)
        return false;
    const char *digits = at + key_bytes;
    while (digits < end && (*digits == ' ' || *digits == '"'))
        ++digits;
    if ((size_t)(end - digits) < MARK_DIGITS)
        return false;
    place_from_end = (size_t)(end - at);
    mark_out->publisher = (unsigned)read_hex(digits, 3);
    mark_out->number = (uint32_t)read_hex(digits + 3, 8);
    mark_out->time_us = (int64_t)read_hex(digits + 11, 12);
    return true;
}
