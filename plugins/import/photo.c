/* Checking the worker's result. Pure. [any] */
#include "photo.h"

#include <junmai/sdk/span.h>
#include <junmai/sdk/utc.h>

#define TEXT_MAX 1024
#define DESCRIPTION_MAX 4096
#define WORDS_MAX 256
#define DAY_KEY "capture_date"
#define CLOCK_KEY "capture_clock"

enum kind { KIND_TEXT, KIND_INT, KIND_NUMBER, KIND_WORDS };

struct known_field {
    const char *key;
    enum kind kind;
    double min, max; /* of numbers; of texts and words the length in bytes */
};

static const struct known_field photo_fields[] = {
    {"camera_make", KIND_TEXT, 1, TEXT_MAX},
    {"camera_model", KIND_TEXT, 1, TEXT_MAX},
    {"lens", KIND_TEXT, 1, TEXT_MAX},
    {"shutter_speed", KIND_TEXT, 1, TEXT_MAX},
    {"capture_time", KIND_TEXT, 1, TEXT_MAX},
    {DAY_KEY, KIND_TEXT, 10, 10},
    {CLOCK_KEY, KIND_TEXT, 8, 40},
    {"focal_length", KIND_NUMBER, 0, 1e6},
    {"aperture", KIND_NUMBER, 0, 1e6},
    {"iso", KIND_INT, 0, 1e9},
    {"width", KIND_INT, 1, 1e6},
    {"height", KIND_INT, 1, 1e6},
    {"orientation", KIND_INT, 1, 8},
    {"gps_lat", KIND_NUMBER, -90, 90},
    {"gps_lon", KIND_NUMBER, -180, 180},
    {"rating", KIND_INT, -1, 5},
    {"warnings", KIND_WORDS, 1, TEXT_MAX},
};

static const struct known_field description_fields[] = {
    {"format", KIND_TEXT, 1, TEXT_MAX},           {"mime", KIND_TEXT, 1, TEXT_MAX},
    {"label", KIND_TEXT, 1, DESCRIPTION_MAX},     {"title", KIND_TEXT, 1, DESCRIPTION_MAX},
    {"caption", KIND_TEXT, 1, DESCRIPTION_MAX},   {"creator", KIND_TEXT, 1, DESCRIPTION_MAX},
    {"copyright", KIND_TEXT, 1, DESCRIPTION_MAX}, {"keywords", KIND_WORDS, 1, DESCRIPTION_MAX},
};

/* A text cut to the longest that is kept; NULL where it is too short or none. */
static json_t *known_text(const struct known_field *field, const json_t *value)
{
    jm_span text = {json_string_value(value), json_string_length(value)};
    if (text.ptr == NULL || (double)text.len < field->min) {
        return NULL;
    }
    text = jm_span_cut(text, (size_t)field->max);
    return json_stringn(text.ptr, text.len);
}

static json_t *known_words(const struct known_field *field, const json_t *value)
{
    json_t *words = json_is_array(value) ? json_array() : NULL;
    for (size_t i = 0; i < json_array_size(value) && i < WORDS_MAX; i++) {
        json_t *word = known_text(field, json_array_get(value, i));
        if (word != NULL) {
            json_array_append_new(words, word);
        }
    }
    return words;
}

static json_t *known_value(const struct known_field *field, const json_t *value)
{
    double number = json_number_value(value);
    bool in_range = number >= field->min && number <= field->max;
    switch (field->kind) {
    case KIND_TEXT:
        return known_text(field, value);
    case KIND_WORDS:
        return known_words(field, value);
    case KIND_INT:
        return json_is_integer(value) && in_range ? json_integer(json_integer_value(value)) : NULL;
    case KIND_NUMBER:
        break;
    }
    return json_is_number(value) && in_range ? json_real(number) : NULL;
}

static void take_known(json_t *into, const json_t *from, const struct known_field *fields,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_t *value = known_value(&fields[i], json_object_get(from, fields[i].key));
        if (value != NULL) {
            json_object_set_new(into, fields[i].key, value);
        }
    }
}

static void drop_unreadable_time(json_t *photo)
{
    int64_t ms;
    const json_t *time = json_object_get(photo, "capture_time");
    if (time != NULL && !jm_utc_parse(jm_span_of(json_string_value(time)), &ms)) {
        json_object_del(photo, "capture_time");
    }
}

json_t *photo_from_result(jm_span result)
{
    json_t *from = json_loadb(result.ptr, result.len, 0, NULL);
    json_t *photo = json_is_object(from) ? json_object() : NULL;
    if (photo != NULL) {
        json_t *description = json_object();
        take_known(photo, from, photo_fields, JM_COUNT(photo_fields));
        take_known(description, json_object_get(from, "metadata"), description_fields,
                   JM_COUNT(description_fields));
        json_object_set_new(photo, "metadata", description);
        drop_unreadable_time(photo);
    }
    json_decref(from);
    return photo;
}

jm_span photo_day(const json_t *photo)
{
    const json_t *day = json_object_get(photo, DAY_KEY);
    return (jm_span){json_string_value(day), json_string_length(day)};
}

jm_span photo_clock(const json_t *photo)
{
    const json_t *clock = json_object_get(photo, CLOCK_KEY);
    return (jm_span){json_string_value(clock), json_string_length(clock)};
}

void photo_drop_day(json_t *photo)
{
    json_object_del(photo, CLOCK_KEY);
    json_object_del(photo, DAY_KEY);
}

void photo_warn(json_t *photo, const char *warning)
{
    json_t *warnings = json_object_get(photo, "warnings");
    if (warnings == NULL) {
        warnings = json_array();
        json_object_set_new(photo, "warnings", warnings);
    }
    json_array_append_new(warnings, json_string(warning));
}
