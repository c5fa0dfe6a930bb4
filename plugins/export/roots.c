/* Judging paths, and opening what is allowed. */
#include "roots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_within(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    while (len > 0 && folder[len - 1] == '/')
        len--;
    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool climbs(const char *path)
{
    for (const char *part = path; *part != '\0';) {
        size_t len = strcspn(part, "/");
        if (len == 2 && memcmp(part, "..", 2) == 0)
            return true;
        part += len + (part[len] == '/');
    }
    return false;
}

bool export_roots_absolute(const char *path, const char *folder, char path_out[PATH_MAX])
{
    int len = path[0] == '/' ? snprintf(path_out, PATH_MAX, "%s", path)
                             : snprintf(path_out, PATH_MAX, "%s/%s", folder, path);
    if (len < 0 || len >= PATH_MAX || climbs(path_out))
        return false;
    while (len > 1 && path_out[len - 1] == '/')
        path_out[--len] = '\0';
    return true;
}

/* Of three paths of one kind, as they are written or resolved. */
static bool is_closed(const char *path, const char *closed, const char *open)
{
    return closed != NULL && is_within(path, closed) && (open == NULL || !is_within(path, open));
}

bool export_roots_cover(const struct export_roots *roots, const char *path)
{
    if (is_closed(path, roots->closed, roots->open))
        return false;
    for (size_t i = 0; i < roots->count; i++) {
        if (is_within(path, roots->folders[i]))
            return true;
    }
    return false;
}

/* The same, of a path without links. A root that is missing holds nothing. */
static bool holds(const struct export_roots *roots, const char *resolved)
{
    char root[PATH_MAX];
    char closed[PATH_MAX];
    char open[PATH_MAX];
    bool has_closed = roots->closed != NULL && realpath(roots->closed, closed) != NULL;
    bool has_open = roots->open != NULL && realpath(roots->open, open) != NULL;
    if (is_closed(resolved, has_closed ? closed : NULL, has_open ? open : NULL))
        return false;
    for (size_t i = 0; i < roots->count; i++) {
        if (realpath(roots->folders[i], root) != NULL && is_within(resolved, root))
            return true;
    }
    return false;
}

static int refuse(const char *path, const char *what, int error,
                  char reason_out[EXPORT_REASON_BYTES])
{
    snprintf(reason_out, EXPORT_REASON_BYTES, "%.300s %s: %s", path, what, strerror(error));
    return -1;
}

static int refuse_outside(const char *path, char reason_out[EXPORT_REASON_BYTES])
{
    snprintf(reason_out, EXPORT_REASON_BYTES,
             "%.300s lies outside of the folders that exports may use (option roots)", path);
    return -1;
}

/* Where the path leads, as far as it exists. */
static bool resolve_existing(const char *path, char resolved_out[PATH_MAX])
{
    char head[PATH_MAX];
    snprintf(head, sizeof head, "%s", path);
    while (realpath(head, resolved_out) == NULL) {
        char *slash = strrchr(head, '/');
        struct stat info;
        bool is_broken_link = lstat(head, &info) == 0;
        if (slash == NULL || is_broken_link || (errno != ENOENT && errno != ENOTDIR))
            return false;
        slash[slash == head ? 1 : 0] = '\0';
    }
    return true;
}

static int make_folders(char *path)
{
    for (char *at = path + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char kept = *at;
        *at = '\0';
        int error = mkdir(path, 0755) < 0 ? errno : 0;
        *at = kept;
        bool is_there = error == 0 || error == EEXIST || (kept == '/' && error == EROFS);
        if (!is_there)
            return error;
        if (kept == '\0')
            return 0;
    }
}

int export_roots_open_folder(const struct export_roots *roots, const char *folder,
                             bool *outside_out, char reason_out[EXPORT_REASON_BYTES])
{
    char path[PATH_MAX];
    char resolved[PATH_MAX];
    /* The first root is made where it is missing: below it, nothing would be inside otherwise. */
    for (size_t i = 0; i < roots->count; i++) {
        snprintf(path, sizeof path, "%s", roots->folders[i]);
        if (is_within(folder, path) && access(path, F_OK) < 0)
            (void)make_folders(path);
    }
    *outside_out = !resolve_existing(folder, resolved) || !holds(roots, resolved);
    if (*outside_out)
        return refuse_outside(folder, reason_out);
    snprintf(path, sizeof path, "%s", folder);
    int error = access(path, F_OK) == 0 ? 0 : make_folders(path);
    if (error != 0)
        return refuse(folder, "cannot be made", error, reason_out);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return refuse(folder, "cannot be opened", errno, reason_out);
    *outside_out = realpath(folder, resolved) == NULL || !holds(roots, resolved);
    if (*outside_out) {
        close(fd);
        return refuse_outside(folder, reason_out);
    }
    return fd;
}

int export_roots_open_file(const struct export_roots *roots, const char *path,
                           char reason_out[EXPORT_REASON_BYTES])
{
    char resolved[PATH_MAX];
    struct stat info;
    if (realpath(path, resolved) == NULL)
        return refuse(path, "cannot be opened", errno, reason_out);
    if (!holds(roots, resolved))
        return refuse_outside(path, reason_out);
    int fd = open(resolved, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return refuse(path, "cannot be opened", errno, reason_out);
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return refuse(path, "cannot be opened", EISDIR, reason_out);
    }
    return fd;
}
