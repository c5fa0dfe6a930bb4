/* JSON pointers (RFC 6901): find a value, put one in its place, tell what two documents differ in.
 *
 * Plain functions over jansson; no host. */
#ifndef SYSTEM_POINTER_H
#define SYSTEM_POINTER_H

#include <jansson.h>
#include <junmai/sdk/span.h>

/* The value at a pointer, borrowed; "" is the root. NULL where there is none. */
json_t *pointer_find(json_t *root, jm_span pointer);

/* Put a value where the pointer says: replace a member or an element, add a member, or add to the end
 * of an array ("-" or its length). What it is in must be there; "" is refused. False where it cannot
 * be done. */
bool pointer_put(json_t *root, jm_span pointer, json_t *value_take);

/* Append to the array `changed` the pointer of each value that differs, of an object its members, of
 * an array the whole. False when out of memory. */
bool pointer_differences(const json_t *before, const json_t *after, json_t *changed);

#endif
