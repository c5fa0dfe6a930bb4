/* Finding the files of a unit. [worker] */
#define _GNU_SOURCE
#include "unit.h"

#include "kind.h"

#include <dirent.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/span.h>
#include <stdio.h>
#include <stdlib.h>

const char *role_name(enum file_role role)
{
    static const char *const names[] = {"original", "rendition", "sidecar",
                                        "audio",    "video",     "thumbnail"};
    return names[role];
}

static enum file_role role_of_kind(enum file_kind kind)
{
    switch (kind) {
    case KIND_SIDECAR:
        return ROLE_SIDECAR;
    case KIND_AUDIO:
        return ROLE_AUDIO;
    case KIND_VIDEO:
        return ROLE_VIDEO;
    case KIND_THUMBNAIL:
        return ROLE_THUMBNAIL;
    default:
        return ROLE_ORIGINAL;
    }
}

enum file_role role_of_name(const char *name)
{
    return role_of_kind(kind_of_name(name));
}

jm_span unit_stem(const char *name)
{
    char photo[NAME_BYTES];
    jm_span stem = name_stem(name);
    if (role_of_name(name) == ROLE_ORIGINAL) {
        return stem;
    }
    snprintf(photo, sizeof photo, "%.*s", JM_SPAN_ARGS(stem));
    return kind_is_photo(kind_of_name(photo)) ? (jm_span){name, name_stem(photo).len} : stem;
}

static bool same_stem(const char *a, const char *b)
{
    return jm_span_equal(name_stem(a), name_stem(b));
}

/* "IMG.CR2.xmp" is the sidecar of "IMG.CR2". */
static bool is_full_sidecar(const char *name, const char *photo)
{
    return name_has_extension(name, ".xmp") && jm_span_is(name_stem(name), photo);
}

static void add(struct unit *unit, enum file_role role, const char *name)
{
    if (unit->count < UNIT_FILES_MAX) {
        struct unit_file *file = &unit->files[unit->count++];
        file->role = role;
        snprintf(file->name, sizeof file->name, "%s", name);
    }
}

/* The regular files of the folder whose names begin with the stem; each to free(). */
static char **list_names(const char *folder, jm_span stem, size_t *count_out)
{
    char **names = NULL;
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    *count_out = 0;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        bool regular = entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN;
        if (!regular || strncmp(entry->d_name, stem.ptr, stem.len) != 0) {
            continue;
        }
        char **more = realloc(names, (*count_out + 1) * sizeof *names);
        char *name = more == NULL ? NULL : jm_span_dup(jm_span_of(entry->d_name));
        names = more == NULL ? names : more;
        if (name == NULL) {
            break;
        }
        names[(*count_out)++] = name;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return names;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The other half of a pair with `name`, or NULL. */
static const char *find_partner(char *const *names, size_t count, const char *name)
{
    enum file_kind kind = kind_of_name(name);
    enum file_kind wanted = kind == KIND_RAW         ? KIND_RENDITION
                            : kind == KIND_RENDITION ? KIND_RAW
                                                     : KIND_OTHER;
    for (size_t i = 0; wanted != KIND_OTHER && i < count; i++) {
        if (kind_of_name(names[i]) == wanted && same_stem(names[i], name)) {
            return names[i];
        }
    }
    return NULL;
}

static void add_companions(struct unit *unit, char *const *names, size_t count)
{
    size_t photos = unit->count;
    for (size_t i = 0; i < count; i++) {
        enum file_role role = role_of_name(names[i]);
        bool belongs = role != ROLE_ORIGINAL && same_stem(names[i], unit->files[0].name);
        for (size_t k = 0; k < photos; k++) {
            belongs |= is_full_sidecar(names[i], unit->files[k].name);
        }
        if (belongs) {
            add(unit, role, names[i]);
        }
    }
}

void unit_find(const char *path, bool pairs, struct unit *unit_out)
{
    char folder[PATH_MAX];
    const char *name = strrchr(path, '/') + 1;
    size_t count;
    snprintf(folder, sizeof folder, "%.*s", (int)(name - path), path);
    *unit_out = (struct unit){.count = 0};
    if (!kind_is_photo(kind_of_name(name))) {
        add(unit_out, ROLE_ORIGINAL, name);
        return;
    }
    char **names = list_names(folder, name_stem(name), &count);
    if (count > 0) {
        qsort(names, count, sizeof *names, by_name);
    }
    const char *partner = pairs ? find_partner(names, count, name) : NULL;
    bool is_raw = kind_of_name(name) == KIND_RAW;
    add(unit_out, ROLE_ORIGINAL, partner == NULL || is_raw ? name : partner);
    if (partner != NULL) {
        add(unit_out, ROLE_RENDITION, is_raw ? partner : name);
        unit_out->requested = is_raw ? 0 : 1;
    }
    add_companions(unit_out, names, count);
    for (size_t i = 0; i < count; i++) {
        free(names[i]);
    }
    free(names);
}
