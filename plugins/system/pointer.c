/* Tokens of a pointer, one after the other. */
#include "pointer.h"

/* Longer keys than this are not looked for: a document has none. */
#define KEY_BYTES 256
#define POINTER_BYTES 1024

/* Take the next token, decoded, off the pointer. False where it is none. */
static bool next_token(jm_span *pointer, char key_out[KEY_BYTES])
{
    size_t used = 0;
    size_t at = 1;
    if (pointer->len == 0 || pointer->ptr[0] != '/')
        return false;
    for (; at < pointer->len && pointer->ptr[at] != '/'; at++) {
        char c = pointer->ptr[at];
        if (c == '~') {
            if (++at == pointer->len || (pointer->ptr[at] != '0' && pointer->ptr[at] != '1'))
                return false;
            c = pointer->ptr[at] == '0' ? '~' : '/';
        }
        if (c == '\0' || used == KEY_BYTES - 1)
            return false;
        key_out[used++] = c;
    }
    key_out[used] = '\0';
    pointer->ptr += at;
    pointer->len -= at;
    return true;
}

/* Decimal digits without a leading zero. */
static bool read_index(const char *key, size_t *index_out)
{
    size_t length = strlen(key);
    if (length == 0 || length > 9 || strspn(key, "0123456789") != length ||
        (length > 1 && key[0] == '0'))
        return false;
    *index_out = (size_t)strtoul(key, NULL, 10);
    return true;
}

static json_t *child_of(json_t *parent, const char *key)
{
    size_t index;
    if (json_is_object(parent))
        return json_object_get(parent, key);
    if (json_is_array(parent) && read_index(key, &index))
        return json_array_get(parent, index);
    return NULL;
}

json_t *pointer_find(json_t *root, jm_span pointer)
{
    char key[KEY_BYTES];
    json_t *value = root;
    while (value != NULL && pointer.len > 0)
        value = next_token(&pointer, key) ? child_of(value, key) : NULL;
    return value;
}

static bool put_child(json_t *parent, const char *key, json_t *value_take)
{
    size_t index;
    if (json_is_object(parent))
        return json_object_set_new(parent, key, value_take) == 0;
    size_t size = json_array_size(parent);
    if (json_is_array(parent) && strcmp(key, "-") == 0)
        return json_array_append_new(parent, value_take) == 0;
    if (json_is_array(parent) && read_index(key, &index) && index <= size)
        return index == size ? json_array_append_new(parent, value_take) == 0
                             : json_array_set_new(parent, index, value_take) == 0;
    json_decref(value_take);
    return false;
}

bool pointer_put(json_t *root, jm_span pointer, json_t *value_take)
{
    char key[KEY_BYTES];
    json_t *parent = root;
    while (parent != NULL && next_token(&pointer, key)) {
        if (pointer.len == 0)
            return put_child(parent, key, value_take);
        parent = child_of(parent, key);
    }
    json_decref(value_take);
    return false;
}

/* PATH/KEY with the escapes of a pointer; false where it does not fit. */
static bool extend(const char *path, const char *key, char path_out[POINTER_BYTES])
{
    size_t used = strlen(path);
    memcpy(path_out, path, used);
    path_out[used++] = '/';
    for (; *key != '\0' && used < POINTER_BYTES - 2; key++) {
        bool escaped = *key == '~' || *key == '/';
        if (escaped)
            path_out[used++] = '~';
        path_out[used++] = !escaped ? *key : *key == '~' ? '0' : '1';
    }
    path_out[used < POINTER_BYTES ? used : POINTER_BYTES - 1] = '\0';
    return *key == '\0' && used < POINTER_BYTES;
}

static bool differences_below(const char *path, const json_t *before, const json_t *after,
                              json_t *changed);

/* Members of `a` that differ in `b`; only those that `b` lacks where `missing_only`. */
static bool differing_members(const char *path, const json_t *a, const json_t *b, bool missing_only,
                              json_t *changed)
{
    const char *key;
    json_t *value;
    char below[POINTER_BYTES];
    bool ok = true;
    json_object_foreach((json_t *)a, key, value)
    {
        const json_t *other = json_object_get(b, key);
        if (missing_only && other != NULL)
            continue;
        /* What lies too deep to be named is told by what holds it. */
        if (extend(path, key, below))
            ok = ok && differences_below(below, value, other, changed);
        else if (!json_equal(value, other))
            ok = ok && json_array_append_new(changed, json_string(path)) == 0;
    }
    return ok;
}

static bool differences_below(const char *path, const json_t *before, const json_t *after,
                              json_t *changed)
{
    if (json_is_object(before) && json_is_object(after))
        return differing_members(path, before, after, false, changed) &&
               differing_members(path, after, before, true, changed);
    if (before != NULL && after != NULL && json_equal(before, after))
        return true;
    return json_array_append_new(changed, json_string(path)) == 0;
}

bool pointer_differences(const json_t *before, const json_t *after, json_t *changed)
{
    return differences_below("", before, after, changed);
}
