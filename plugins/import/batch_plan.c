/* Planning by folder and stem. Pure. [any] */
#include "batch_plan.h"

#include "kind.h"
#include "naming.h"

#include <jansson.h>
#include <string.h>

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static enum file_kind kind_of(const char *path)
{
    return path == NULL ? KIND_OTHER : kind_of_name(name_of(path));
}

/* The length of the path without the extension. */
static size_t key_length(const char *path)
{
    const char *name = name_of(path);
    return (size_t)(name - path) + name_stem(name).len;
}

static const json_t *find_leader(const json_t *leaders, const char *path)
{
    return json_object_getn(leaders, path, key_length(path));
}

static void set_leader(json_t *leaders, const char *path, size_t index)
{
    if (find_leader(leaders, path) == NULL) {
        json_object_setn_new(leaders, path, key_length(path), json_integer((json_int_t)index));
    }
}

/* "IMG.CR2.xmp" belongs to "IMG.CR2", whose stem is "IMG". */
static const json_t *find_double(const json_t *leaders, const char *path)
{
    char inner[PATH_MAX];
    size_t len = key_length(path);
    if (len >= sizeof inner) {
        return NULL;
    }
    memcpy(inner, path, len);
    inner[len] = '\0';
    return find_leader(leaders, inner);
}

static void choose_raws(const char *const *paths, size_t count, json_t *leaders)
{
    for (size_t i = 0; i < count; i++) {
        if (kind_of(paths[i]) == KIND_RAW) {
            set_leader(leaders, paths[i], i);
        }
    }
}

static void choose_images(const char *const *paths, size_t count, bool pairs, json_t *leaders,
                          size_t *leaders_out)
{
    for (size_t i = 0; i < count; i++) {
        enum file_kind kind = kind_of(paths[i]);
        if (kind != KIND_RENDITION && kind != KIND_IMAGE) {
            continue;
        }
        const json_t *leader = find_leader(leaders, paths[i]);
        size_t index = (size_t)json_integer_value(leader);
        if (leader == NULL) {
            set_leader(leaders, paths[i], i);
        } else if (pairs && kind == KIND_RENDITION && kind_of(paths[index]) == KIND_RAW) {
            leaders_out[i] = index;
        }
    }
}

static void choose_companions(const char *const *paths, size_t count, const json_t *leaders,
                              size_t *leaders_out)
{
    for (size_t i = 0; i < count; i++) {
        enum file_kind kind = kind_of(paths[i]);
        if (kind == KIND_OTHER || kind_is_photo(kind)) {
            continue;
        }
        const json_t *leader = find_leader(leaders, paths[i]);
        leader = leader == NULL ? find_double(leaders, paths[i]) : leader;
        leaders_out[i] = leader == NULL ? i : (size_t)json_integer_value(leader);
    }
}

void batch_plan(const char *const *paths, size_t count, bool pairs, size_t *leaders_out)
{
    json_t *leaders = json_object();
    for (size_t i = 0; i < count; i++) {
        leaders_out[i] = i;
    }
    choose_raws(paths, count, leaders);
    choose_images(paths, count, pairs, leaders, leaders_out);
    choose_companions(paths, count, leaders, leaders_out);
    json_decref(leaders);
}
