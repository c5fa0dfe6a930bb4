/* Comparing the tags of two files. Pure. [any] */
#include "pair.h"

#include <string.h>
#include <strings.h>

static const char *text_of(const json_t *fields, const char *key)
{
    const char *text = json_string_value(json_object_get(fields, key));
    return text == NULL ? "" : text;
}

static bool same_text(const json_t *a, const json_t *b, const char *key)
{
    return strcasecmp(text_of(a, key), text_of(b, key)) == 0;
}

/* To the second: programs keep the fraction in one of the two only. */
static bool same_clock(const json_t *a, const json_t *b)
{
    const char *clock = text_of(a, "capture_clock");
    return strlen(clock) >= 8 && strncmp(clock, text_of(b, "capture_clock"), 8) == 0;
}

bool pair_agrees(const json_t *raw, const json_t *rendition)
{
    return text_of(raw, "capture_date")[0] != '\0' && same_text(raw, rendition, "capture_date") &&
           same_clock(raw, rendition) && same_text(raw, rendition, "camera_make") &&
           same_text(raw, rendition, "camera_model");
}
