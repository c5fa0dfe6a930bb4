/* Walking through a card. [worker] */
#include "card_scan.h"

#include "kind.h"

#include <dirent.h>
#include <errno.h>
#include <junmai/sdk/path.h>
#include <stdio.h>
#include <sys/stat.h>

#define DEPTH_MAX 16
#define FILES_MAX 200000

static bool add(struct card_scan *scan, const char *path, const struct stat *info,
                struct verdict *verdict)
{
    if (scan->count == FILES_MAX) {
        return verdict_set(verdict, 400, "there are more than %d photographs: import it in parts",
                           FILES_MAX);
    }
    if ((scan->count & (scan->count - 1)) == 0) { /* full at every power of two */
        size_t room = scan->count == 0 ? 1 : scan->count * 2;
        struct card_file *files = realloc(scan->files, room * sizeof *files);
        if (files == NULL) {
            return verdict_set(verdict, 503, "out of memory");
        }
        scan->files = files;
    }
    struct card_file *file = &scan->files[scan->count];
    file->path = jm_path_text(jm_span_of(path));
    file->size = info->st_size;
    file->mtime_ns = (int64_t)info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
    scan->count += file->path != NULL;
    return file->path != NULL ? true : verdict_set(verdict, 503, "out of memory");
}

static bool scan_folder(struct card_scan *scan, const char *folder, unsigned depth,
                        struct verdict *verdict);

static bool scan_entry(struct card_scan *scan, const char *folder, const char *name, unsigned depth,
                       struct verdict *verdict)
{
    char path[PATH_MAX];
    struct stat info;
    int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (name[0] == '.' || len < 0 || (size_t)len >= sizeof path) {
        return true;
    }
    if (lstat(path, &info) < 0) {
        return errno == ENOENT
                   ? true
                   : verdict_set(verdict, 400, "%s cannot be read: %s", path, strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) {
        return scan_folder(scan, path, depth + 1, verdict);
    }
    if (S_ISREG(info.st_mode) && kind_is_photo(kind_of_name(name))) {
        return add(scan, path, &info, verdict);
    }
    scan->others++;
    return true;
}

static bool scan_folder(struct card_scan *scan, const char *folder, unsigned depth,
                        struct verdict *verdict)
{
    DIR *dir = depth > DEPTH_MAX ? NULL : opendir(folder);
    const struct dirent *entry;
    if (dir == NULL) {
        return depth > DEPTH_MAX ? true
                                 : verdict_set(verdict, 400, "the folder %s cannot be read: %s",
                                               folder, strerror(errno));
    }
    bool ok = true;
    errno = 0;
    while (ok && (entry = readdir(dir)) != NULL) {
        ok = scan_entry(scan, folder, entry->d_name, depth, verdict);
        errno = 0;
    }
    if (ok && errno != 0) {
        ok = verdict_set(verdict, 400, "the folder %s cannot be read: %s", folder, strerror(errno));
    }
    closedir(dir);
    return ok;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct card_file *)a)->path, ((const struct card_file *)b)->path);
}

bool card_scan(const struct import_roots *roots, const char *folder, struct card_scan *scan_out,
               struct verdict *verdict)
{
    char resolved[PATH_MAX];
    *scan_out = (struct card_scan){NULL, 0, 0};
    if (!roots_resolve(roots, folder, resolved, verdict) ||
        !scan_folder(scan_out, resolved, 0, verdict)) {
        return false;
    }
    if (scan_out->count > 0) {
        qsort(scan_out->files, scan_out->count, sizeof *scan_out->files, by_path);
    }
    return true;
}

void card_scan_fini(struct card_scan *scan)
{
    for (size_t i = 0; i < scan->count; i++) {
        free(scan->files[i].path);
    }
    free(scan->files);
    *scan = (struct card_scan){NULL, 0, 0};
}
