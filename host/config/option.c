/* One declared option and a JSON value: type, range and choices, and how an operator reads them. [any] */
#include "host/config/option.h"

#include "host/config/suggest.h"

#include <stdbool.h>
#include <string.h>

#define CHOICE_BYTES 64
#define SHOWN_BYTES 48

const char *jmh_json_type_text(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_NULL:
        return "null";
    default:
        return "true or false";
    }
}

static const char *wanted_text(int32_t type)
{
    switch (type) {
    case JM_OPTION_BOOL:
        return "true or false";
    case JM_OPTION_INT:
        return "an integer";
    case JM_OPTION_NUMBER:
        return "a number";
    case JM_OPTION_TEXT:
        return "a string";
    default:
        return "an array of strings";
    }
}

static bool has_type(int32_t type, const json_t *value)
{
    switch (type) {
    case JM_OPTION_BOOL:
        return json_is_boolean(value);
    case JM_OPTION_INT:
        return json_is_integer(value);
    case JM_OPTION_NUMBER:
        return json_is_number(value);
    case JM_OPTION_TEXT:
        return json_is_string(value);
    default:
        return json_is_array(value);
    }
}

static bool is_bounded(const jm_option *option)
{
    bool counts = option->type == JM_OPTION_INT || option->type == JM_OPTION_NUMBER;
    return counts && !(option->min == 0.0 && option->max == 0.0);
}

/* The next of "copy|move|reference", cut where it is longer than any sensible choice. */
static const char *next_choice(const char *at, char choice_out[CHOICE_BYTES])
{
    if (at == NULL || *at == '\0')
        return NULL;
    size_t len = strcspn(at, "|");
    snprintf(choice_out, CHOICE_BYTES, "%.*s", (int)len, at);
    return at[len] == '|' ? at + len + 1 : at + len;
}

/* "copy, move, reference" */
static void list_choices(const char *choices, char *out, size_t cap)
{
    char choice[CHOICE_BYTES];
    size_t len = 0;
    out[0] = '\0';
    for (const char *at = choices; (at = next_choice(at, choice)) != NULL && len < cap;) {
        int more = snprintf(out + len, cap - len, "%s%s", len > 0 ? ", " : "", choice);
        len += more > 0 ? (size_t)more : 0;
    }
}

static jm_status check_choice(const jm_option *option, const char *text, const char *where,
                              struct jmh_err *err)
{
    char choice[CHOICE_BYTES];
    struct jmh_suggest suggest;
    jmh_suggest_init(&suggest, text);
    for (const char *at = option->choices; (at = next_choice(at, choice)) != NULL;) {
        if (strcmp(choice, text) == 0)
            return JM_OK;
        jmh_suggest_offer(&suggest, choice);
    }
    char all[256];
    list_choices(option->choices, all, sizeof all);
    return jmh_err_set(err, JM_EINVAL, "%s: \"%.*s\" is not one of %s%s", where, SHOWN_BYTES, text,
                       all, jmh_suggest_text(&suggest));
}

static jm_status check_range(const jm_option *option, const json_t *value, const char *where,
                             struct jmh_err *err)
{
    double number = json_number_value(value);
    if (number >= option->min && number <= option->max)
        return JM_OK;
    if (json_is_integer(value))
        return jmh_err_set(err, JM_EINVAL, "%s: %lld is out of range, must be %.15g to %.15g",
                           where, (long long)json_integer_value(value), option->min, option->max);
    return jmh_err_set(err, JM_EINVAL, "%s: %.15g is out of range, must be %.15g to %.15g", where,
                       number, option->min, option->max);
}

static jm_status check_items(const json_t *list, const char *where, struct jmh_err *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item))
            return jmh_err_set(err, JM_EINVAL, "%s[%zu]: must be a string, not %s", where, i,
                               jmh_json_type_text(item));
    }
    return JM_OK;
}

jm_status jmh_option_check(const jm_option *option, const json_t *value, const char *where,
                           struct jmh_err *err)
{
    if (!has_type(option->type, value))
        return jmh_err_set(err, JM_EINVAL, "%s: must be %s, not %s", where,
                           wanted_text(option->type), jmh_json_type_text(value));
    if (option->type == JM_OPTION_LIST)
        return check_items(value, where, err);
    if (option->type == JM_OPTION_TEXT && option->choices != NULL)
        return check_choice(option, json_string_value(value), where, err);
    if (is_bounded(option))
        return check_range(option, value, where, err);
    return JM_OK;
}

json_t *jmh_option_default(const jm_option *option)
{
    const char *text = option->default_json;
    return text != NULL ? json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL) : NULL;
}

void jmh_option_print(FILE *out, const char *prefix, const jm_option *option)
{
    fprintf(out, "%s%s = %s\n    %s\n    %s", prefix, option->name, option->default_json,
            option->help != NULL ? option->help : "", wanted_text(option->type));
    if (option->type == JM_OPTION_TEXT && option->choices != NULL) {
        char all[256];
        list_choices(option->choices, all, sizeof all);
        fprintf(out, ": %s", all);
    } else if (is_bounded(option)) {
        fprintf(out, " from %.15g to %.15g", option->min, option->max);
    }
    fputs("\n\n", out);
}
