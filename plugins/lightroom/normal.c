/* Copies are changed, never what was given. */
#include "normal.h"

#include <junmai/sdk/utc.h>
#include <math.h>

#define LUA_EPOCH_S 978307200.0 /* 2001-01-01T00:00:00Z */
#define LUA_TIMES_BELOW 1e9     /* 2032 by Lightroom's clock, 2001 by that of Unix */
#define SECONDS_BELOW 1e11
#define DEPTH_MAX 32

json_t *lr_normal_time(const json_t *value)
{
    char text[JM_UTC_BYTES];
    if (json_is_string(value))
        return json_string(json_string_value(value));
    double number = json_number_value(value);
    if (!json_is_number(value) || !isfinite(number) || number < 0 || number > 1e15)
        return NULL;
    if (number < LUA_TIMES_BELOW)
        number += LUA_EPOCH_S;
    if (number < SECONDS_BELOW)
        number *= 1000;
    jm_utc_format((int64_t)number, text);
    return json_string(text);
}

static bool names_a_time(const char *key)
{
    size_t length = strlen(key);
    return strcmp(key, "timestamp") == 0 || (length > 3 && strcmp(key + length - 3, "_at") == 0);
}

static void normalise_times(json_t *value, int depth)
{
    const char *key;
    json_t *member;
    size_t i;
    if (depth == DEPTH_MAX)
        return;
    json_array_foreach(value, i, member) normalise_times(member, depth + 1);
    json_object_foreach(value, key, member)
    {
        json_t *time = json_is_number(member) && names_a_time(key) ? lr_normal_time(member) : NULL;
        if (time != NULL)
            json_object_set_new(value, key, time);
        else
            normalise_times(member, depth + 1);
    }
}

json_t *lr_normal_object(const json_t *message, const char *key)
{
    const json_t *value = json_object_get(message, key);
    json_t *object;
    if (value == NULL || json_is_null(value) ||
        (json_is_array(value) && json_array_size(value) == 0))
        return json_object();
    if (json_is_object(value))
        object = json_deep_copy(value);
    else
        object = json_pack("{s:o}", "value", json_deep_copy(value));
    normalise_times(object, 0);
    return object;
}
