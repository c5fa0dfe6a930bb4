/* Names of the cache's files. [any] */
#include "paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_DIGITS (HASH_BYTES - 1)

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789abcdef");
}

bool path_is_hash(const char *text)
{
    return count_digits(text) == HASH_DIGITS && text[HASH_DIGITS] == '\0';
}

void path_shard(unsigned number, char out[SHARD_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    out[0] = digits[number >> 4 & 15];
    out[1] = digits[number & 15];
    out[2] = '\0';
}

void path_of_file(const char *hash, int edge, char out[NAME_BYTES])
{
    snprintf(out, NAME_BYTES, "%.2s/%.64s-%d.jpg", hash, hash, edge);
}

void path_of_part(const char *hash, int edge, char out[NAME_BYTES])
{
    snprintf(out, NAME_BYTES, "%.64s-%d" PART_SUFFIX, hash, edge);
}

bool path_parse_name(const char *name, char hash_out[HASH_BYTES], int *edge_out)
{
    char again[NAME_BYTES];
    if (count_digits(name) != HASH_DIGITS || name[HASH_DIGITS] != '-') {
        return false;
    }
    memcpy(hash_out, name, HASH_DIGITS);
    hash_out[HASH_DIGITS] = '\0';
    long edge = strtol(name + HASH_DIGITS + 1, NULL, 10);
    *edge_out = edge > 0 && edge < 100000 ? (int)edge : 0;
    path_of_file(hash_out, *edge_out, again);
    return *edge_out > 0 && strcmp(again + SHARD_BYTES, name) == 0;
}

bool path_is_part(const char *name)
{
    size_t len = strlen(name);
    size_t suffix = strlen(PART_SUFFIX);
    return len > suffix && strcmp(name + len - suffix, PART_SUFFIX) == 0;
}
