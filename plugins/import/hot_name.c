/* Names that hot folders take, and names of their sessions. Pure. [any] */
#define _GNU_SOURCE
#include "hot_name.h"

#include "kind.h"
#include "unit.h"

#include <junmai/sdk/path.h>
#include <junmai/types.h>
#include <stdio.h>
#include <strings.h>

static const char *const extensions[] = {
    "cr2", "cr3", "nef", "arw",  "dng", "orf", "raf",  "rw2", "pef",  "srw",  "x3f",  "erf", "mrw",
    "raw", "rwl", "iiq", "jpeg", "jpg", "tif", "tiff", "png", "heic", "heif", "avif", "jxl", "webp",
};

/* Thumbs.db, *.tmp and *.part have no extension of a photograph. */
bool hot_name_is_photo(const char *name)
{
    const char *dot = strrchr(name, '.');
    if (name[0] == '.' || name[0] == '~' || dot == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        if (strcasecmp(dot + 1, extensions[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool hot_name_is_companion(const char *name)
{
    enum file_kind kind = kind_of_name(name);
    return name[0] != '.' && name[0] != '~' && kind != KIND_OTHER && !kind_is_photo(kind);
}

bool hot_same_unit(const char *path, const char *other)
{
    const char *name = strrchr(path, '/') + 1;
    const char *other_name = strrchr(other, '/') + 1;
    return name - path == other_name - other && strncmp(path, other, (size_t)(name - path)) == 0 &&
           jm_span_equal(unit_stem(name), unit_stem(other_name));
}

bool hot_name_is_folder(const char *name)
{
    size_t len = strlen(name);
    bool unfinished = len > 5 && strcasecmp(name + len - 5, ".part") == 0;
    return name[0] != '.' && name[0] != '~' && !unfinished;
}

char *hot_session_name(const char *path, const struct tm *day)
{
    char date[16];
    char *session = NULL;
    const char *slash = strrchr(path, '/');
    char *folder = jm_path_text(jm_span_of(slash == NULL ? path : slash + 1));
    if (folder != NULL && strftime(date, sizeof date, "%Y%m%d", day) > 0 &&
        asprintf(&session, "Auto_%s_%s", folder, date) < 0) {
        session = NULL;
    }
    free(folder);
    return session;
}
