/* JSON without a tree: check a text, walk the members of its outermost object.
 *
 * Events and messages pass through the host as text. What the host must know of them (type, channel,
 * the kinds of their fields) is read in place; nothing is allocated. */
#ifndef JMH_UTIL_JSON_H
#define JMH_UTIL_JSON_H

#include <junmai/types.h>
#include <stdbool.h>

#define JMH_JSON_DEPTH 64

enum jmh_json_kind {
    JMH_JSON_NULL = 1,
    JMH_JSON_BOOL,
    JMH_JSON_INT,
    JMH_JSON_REAL,
    JMH_JSON_TEXT,
    JMH_JSON_ARRAY,
    JMH_JSON_OBJECT,
};

struct jmh_json_value {
    enum jmh_json_kind kind;
    jm_span text; /* as it stands in the document; of TEXT with its quotes */
};

struct jmh_json_member {
    jm_span key; /* between the quotes, escapes as written */
    struct jmh_json_value value;
};

/* Walks the members of an object or the elements of an array (their key is empty). */
struct jmh_json_walk {
    const char *at;
    const char *end;
};

/* Whether `text` is one JSON value of RFC 8259 in valid UTF-8, at most JMH_JSON_DEPTH deep.
 * `value_out` (may be NULL) is it, without surrounding white space. */
bool jmh_json_parse(jm_span text, struct jmh_json_value *value_out);
/* Begin a walk over a value that was parsed; false where it is neither object nor array. */
bool jmh_json_begin(struct jmh_json_walk *walk, struct jmh_json_value value);
/* The next member or element; false behind the last. */
bool jmh_json_next(struct jmh_json_walk *walk, struct jmh_json_member *member_out);
/* The last member of that name in an object; false where there is none. */
bool jmh_json_get(struct jmh_json_value object, const char *name, struct jmh_json_value *value_out);
/* Whether a member's key, escapes resolved, is `name`. */
bool jmh_json_key_is(const struct jmh_json_member *member, const char *name);
/* The characters of a TEXT value, escapes resolved, NUL-terminated into `out`; the length, or -1
 * where it does not fit into `cap` with its NUL or holds U+0000. */
int64_t jmh_json_text(struct jmh_json_value value, char *out, size_t cap);
/* The number of an INT value; false where it does not fit. */
bool jmh_json_int(struct jmh_json_value value, int64_t *value_out);

#endif
