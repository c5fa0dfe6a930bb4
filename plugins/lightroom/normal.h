/* What Lightroom's Lua writes, as everybody else writes it: its JSON knows no empty object, its clock
 * counts seconds since 2001, and it leaves out what is nil. [any] */
#ifndef LIGHTROOM_NORMAL_H
#define LIGHTROOM_NORMAL_H

#include <jansson.h>

/* The object at a key, a new reference: [] and what is missing are {}, and anything else that is no
 * object becomes {"value": …}. Times in it are ISO texts. */
json_t *lr_normal_object(const json_t *message, const char *key);

/* A time as ISO text: a text stays as it is, a number is seconds since 2001 or 1970, or milliseconds
 * since 1970, whichever is near. NULL where it is no time. */
json_t *lr_normal_time(const json_t *value);

#endif
