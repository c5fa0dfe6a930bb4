/* Judging paths. [worker]
 *
 * A path that does not exist is judged too, by the deepest folder on it that does: whether there is a
 * file outside of the roots is nobody's business. */
#include "roots.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool path_is_within(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    while (len > 0 && folder[len - 1] == '/') {
        len--;
    }
    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* A folder that is missing holds nothing; one that is a link counts where it leads. */
static bool holds(const char *folder, const char *path)
{
    char resolved[PATH_MAX];
    return folder != NULL && realpath(folder, resolved) != NULL && path_is_within(path, resolved);
}

bool roots_allow(const struct import_roots *roots, const char *path, struct verdict *verdict)
{
    for (size_t i = 0; i < ROOTS_EXCLUDED; i++) {
        if (holds(roots->excluded[i], path)) {
            return verdict_set(verdict, 403,
                               "%s belongs to Junmai itself and is not imported again", path);
        }
    }
    for (size_t i = 0; i < roots->count; i++) {
        if (holds(roots->folders[i], path)) {
            return true;
        }
    }
    return verdict_set(verdict, 403,
                       "%s is outside of the folders that may be imported from (option roots)",
                       path);
}

static bool climbs(const char *path)
{
    const char *at = path;
    while ((at = strstr(at, "..")) != NULL) {
        bool starts = at == path || at[-1] == '/';
        if (starts && (at[2] == '/' || at[2] == '\0')) {
            return true;
        }
        at += 2;
    }
    return false;
}

static bool is_link(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

/* Resolve as much of the path as exists and keep the rest as it is. False where the rest could lead
 * elsewhere: by "..", or by a link to nothing. */
static bool resolve_partly(const char *path, char resolved_out[PATH_MAX])
{
    char head[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof head) {
        return false;
    }
    memcpy(head, path, len + 1);
    while (len > 1 && realpath(head, resolved_out) == NULL) {
        if (is_link(head)) {
            return false;
        }
        do {
            len--;
        } while (len > 1 && head[len] != '/');
        head[len] = '\0';
    }
    if (len <= 1) {
        strcpy(resolved_out, "/");
    }
    const char *rest = path + len;
    size_t used = strlen(resolved_out);
    if (climbs(rest) || used + strlen(rest) >= PATH_MAX) {
        return false;
    }
    strcpy(resolved_out + used, rest);
    return true;
}

bool roots_resolve(const struct import_roots *roots, const char *path, char resolved_out[PATH_MAX],
                   struct verdict *verdict)
{
    if (path[0] != '/') {
        return verdict_set(verdict, 403, "%s is not an absolute path, so it lies in no root", path);
    }
    int error = realpath(path, resolved_out) == NULL ? errno : 0;
    if (error != 0 && (error == ELOOP || !resolve_partly(path, resolved_out))) {
        return verdict_set(verdict, 403, "%s cannot be judged: it leads nowhere", path);
    }
    if (!roots_allow(roots, resolved_out, verdict)) {
        return false;
    }
    switch (error) {
    case 0:
        return true;
    case ENOENT:
    case ENOTDIR:
        return verdict_set(verdict, 404, "File does not exist: %s", path);
    default:
        return verdict_set(verdict, 400, "%s cannot be reached: %s", path, strerror(error));
    }
}
