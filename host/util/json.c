/* JSON without a tree. Any thread. */
#include "host/util/json.h"

#include "host/util/span.h"
#include "host/util/utf8.h"

#include <string.h>

/* A check stands at `at`; NULL once it has failed. */
struct check {
    const char *at;
    const char *end;
};

static bool parse_value(struct check *check, int depth, enum jmh_json_kind *kind_out);

static void skip_space(struct check *check)
{
    while (check->at < check->end &&
           (*check->at == ' ' || *check->at == '\t' || *check->at == '\n' || *check->at == '\r')) {
        check->at++;
    }
}

static bool is_digit(const struct check *check)
{
    return check->at < check->end && *check->at >= '0' && *check->at <= '9';
}

static bool skip_digits(struct check *check)
{
    if (!is_digit(check)) {
        return false;
    }
    while (is_digit(check)) {
        check->at++;
    }
    return true;
}

static bool parse_number(struct check *check, enum jmh_json_kind *kind_out)
{
    *kind_out = JMH_JSON_INT;
    if (*check->at == '-') {
        check->at++;
    }
    if (check->at < check->end && *check->at == '0') {
        check->at++;
    } else if (!skip_digits(check)) {
        return false;
    }
    if (check->at < check->end && *check->at == '.') {
        check->at++;
        *kind_out = JMH_JSON_REAL;
        if (!skip_digits(check)) {
            return false;
        }
    }
    if (check->at < check->end && (*check->at == 'e' || *check->at == 'E')) {
        check->at++;
        *kind_out = JMH_JSON_REAL;
        if (check->at < check->end && (*check->at == '+' || *check->at == '-')) {
            check->at++;
        }
        if (!skip_digits(check)) {
            return false;
        }
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *at, const char *end)
{
    if (end - at < 4) {
        return -1;
    }
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static bool is_high(int32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(int32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* What follows a backslash: the character it stands for and the bytes it takes; 0 where illegal. */
static size_t read_escape(const char *at, const char *end, uint32_t *character_out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (at >= end) {
        return 0;
    }
    if (*at != 'u') {
        const char *found = *at != '\0' ? strchr(letters, *at) : NULL;
        if (found == NULL) {
            return 0;
        }
        *character_out = (uint32_t)values[found - letters];
        return 1;
    }
    int32_t unit = hex4(at + 1, end);
    if (unit < 0 || is_low(unit)) {
        return 0;
    }
    if (!is_high(unit)) {
        *character_out = (uint32_t)unit;
        return 5;
    }
    int32_t low = end - at >= 11 && at[5] == '\\' && at[6] == 'u' ? hex4(at + 7, end) : -1;
    if (!is_low(low)) {
        return 0;
    }
    *character_out = 0x10000u + (((uint32_t)unit - 0xd800u) << 10) + ((uint32_t)low - 0xdc00u);
    return 11;
}

/* `at` is behind the opening quote and comes to stand behind the closing one. A name with a NUL is
 * refused: no library that plugins read JSON with could tell it. */
static bool parse_text(struct check *check, bool is_name)
{
    while (check->at < check->end) {
        unsigned char c = (unsigned char)*check->at;
        size_t step = 1;
        if (c == '"') {
            check->at++;
            return true;
        }
        if (c == '\\') {
            uint32_t character = 0;
            size_t escape = read_escape(check->at + 1, check->end, &character);
            if (escape == 0 || (is_name && character == 0)) {
                return false;
            }
            step = 1 + escape;
        } else if (c < 0x20) {
            return false;
        } else if (c >= 0x80) {
            step = jmh_utf8_step(check->at, (size_t)(check->end - check->at));
            if (step == 0) {
                return false;
            }
        }
        check->at += step;
    }
    return false;
}

static bool take(struct check *check, char c)
{
    if (check->at < check->end && *check->at == c) {
        check->at++;
        return true;
    }
    return false;
}

/* The content of an object or array up to its closing bracket. */
static bool parse_items(struct check *check, int depth, bool keyed)
{
    char close = keyed ? '}' : ']';
    skip_space(check);
    if (take(check, close)) {
        return true;
    }
    for (;;) {
        enum jmh_json_kind kind;
        skip_space(check);
        if (keyed) {
            if (!take(check, '"') || !parse_text(check, true)) {
                return false;
            }
            skip_space(check);
            if (!take(check, ':')) {
                return false;
            }
        }
        if (!parse_value(check, depth, &kind)) {
            return false;
        }
        skip_space(check);
        if (take(check, close)) {
            return true;
        }
        if (!take(check, ',')) {
            return false;
        }
    }
}

static bool parse_word(struct check *check, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(check->end - check->at) < len || memcmp(check->at, word, len) != 0) {
        return false;
    }
    check->at += len;
    return true;
}

static bool parse_value(struct check *check, int depth, enum jmh_json_kind *kind_out)
{
    skip_space(check);
    if (check->at >= check->end || depth >= JMH_JSON_DEPTH) {
        return false;
    }
    switch (*check->at) {
    case '{':
        check->at++;
        *kind_out = JMH_JSON_OBJECT;
        return parse_items(check, depth + 1, true);
    case '[':
        check->at++;
        *kind_out = JMH_JSON_ARRAY;
        return parse_items(check, depth + 1, false);
    case '"':
        check->at++;
        *kind_out = JMH_JSON_TEXT;
        return parse_text(check, false);
    case 't':
        *kind_out = JMH_JSON_BOOL;
        return parse_word(check, "true");
    case 'f':
        *kind_out = JMH_JSON_BOOL;
        return parse_word(check, "false");
    case 'n':
        *kind_out = JMH_JSON_NULL;
        return parse_word(check, "null");
    default:
        return parse_number(check, kind_out);
    }
}

bool jmh_json_parse(jm_span text, struct jmh_json_value *value_out)
{
    if (text.len == 0) {
        return false;
    }
    struct check check = {text.ptr, text.ptr + text.len};
    struct jmh_json_value value;
    skip_space(&check);
    const char *start = check.at;
    if (!parse_value(&check, 0, &value.kind)) {
        return false;
    }
    value.text = (jm_span){start, (size_t)(check.at - start)};
    skip_space(&check);
    if (check.at != check.end) {
        return false;
    }
    if (value_out != NULL) {
        *value_out = value;
    }
    return true;
}

bool jmh_json_begin(struct jmh_json_walk *walk, struct jmh_json_value value)
{
    if (value.kind != JMH_JSON_OBJECT && value.kind != JMH_JSON_ARRAY) {
        return false;
    }
    walk->at = value.text.ptr + 1;
    walk->end = value.text.ptr + value.text.len;
    return true;
}

/* The text was checked before, so that the walk only has to find its way. */
bool jmh_json_next(struct jmh_json_walk *walk, struct jmh_json_member *member_out)
{
    struct check check = {walk->at, walk->end};
    skip_space(&check);
    if (check.at < check.end && *check.at == ',') {
        check.at++;
        skip_space(&check);
    }
    if (check.at >= check.end || *check.at == '}' || *check.at == ']') {
        return false;
    }
    member_out->key = (jm_span){NULL, 0};
    const char *start = check.at;
    if (*check.at == '"') {
        check.at++;
        (void)parse_text(&check, true);
        const char *behind = check.at;
        skip_space(&check);
        if (take(&check, ':')) {
            member_out->key = (jm_span){start + 1, (size_t)(behind - start) - 2};
            skip_space(&check);
        } else {
            check.at = start;
        }
    }
    start = check.at;
    (void)parse_value(&check, 0, &member_out->value.kind);
    member_out->value.text = (jm_span){start, (size_t)(check.at - start)};
    walk->at = check.at;
    return true;
}

/* Resolve the escapes of `raw` into `out`; the length, or -1. */
static int64_t unescape(jm_span raw, char *out, size_t cap)
{
    size_t len = 0;
    const char *at = raw.ptr;
    const char *end = raw.ptr + raw.len;
    while (at < end) {
        char bytes[4] = {*at};
        size_t count = 1;
        size_t step = 1;
        if (*at == '\\') {
            uint32_t character = 0;
            step = 1 + read_escape(at + 1, end, &character);
            count = jmh_utf8_put(character, bytes);
        }
        if (bytes[0] == '\0' || len + count >= cap) {
            return -1;
        }
        memcpy(out + len, bytes, count);
        len += count;
        at += step;
    }
    if (cap == 0) {
        return -1;
    }
    out[len] = '\0';
    return (int64_t)len;
}

bool jmh_json_key_is(const struct jmh_json_member *member, const char *name)
{
    if (member->key.len == 0 || memchr(member->key.ptr, '\\', member->key.len) == NULL) {
        return jmh_span_is(member->key, name);
    }
    char key[256];
    return unescape(member->key, key, sizeof key) >= 0 && strcmp(key, name) == 0;
}

bool jmh_json_get(struct jmh_json_value object, const char *name, struct jmh_json_value *value_out)
{
    struct jmh_json_walk walk;
    struct jmh_json_member member;
    bool found = false;
    if (object.kind != JMH_JSON_OBJECT || !jmh_json_begin(&walk, object)) {
        return false;
    }
    while (jmh_json_next(&walk, &member)) {
        if (jmh_json_key_is(&member, name)) {
            *value_out = member.value;
            found = true;
        }
    }
    return found;
}

int64_t jmh_json_text(struct jmh_json_value value, char *out, size_t cap)
{
    if (value.kind != JMH_JSON_TEXT) {
        return -1;
    }
    return unescape((jm_span){value.text.ptr + 1, value.text.len - 2}, out, cap);
}

bool jmh_json_int(struct jmh_json_value value, int64_t *value_out)
{
    return value.kind == JMH_JSON_INT && jmh_span_to_int(value.text, value_out);
}
