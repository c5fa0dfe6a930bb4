/* Reading folders. [worker] */
#define _GNU_SOURCE
#include "hot_scan.h"

#include "hot_look.h"
#include "hot_name.h"

#include <errno.h>
#include <fcntl.h>
#include <junmai/sdk/span.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define WATCHED                                                                                 \
    (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | \
     IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

struct hot_scan *hot_scan_new(const struct import_roots *roots, int inotify_fd, const char *path)
{
    struct hot_scan *scan = calloc(1, sizeof *scan);
    if (scan == NULL) {
        return NULL;
    }
    scan->roots = roots;
    scan->inotify_fd = inotify_fd;
    scan->path = jm_span_dup(jm_span_of(path));
    if (scan->path == NULL) {
        free(scan);
        return NULL;
    }
    return scan;
}

void hot_scan_free(struct hot_scan *scan)
{
    if (scan == NULL) {
        return;
    }
    if (scan->at != NULL) {
        closedir(scan->at);
    }
    free(scan->path);
    free(scan);
}

static void set_watch(struct hot_scan *scan)
{
    scan->watch = -1;
    scan->network = hot_on_network(dirfd(scan->at));
    if (scan->inotify_fd >= 0 && !scan->network) {
        scan->watch = inotify_add_watch(scan->inotify_fd, scan->path, WATCHED);
        scan->watch_error = scan->watch < 0 ? errno : 0;
    }
}

static bool open_folder(struct hot_scan *scan)
{
    if (!roots_allow(scan->roots, scan->path, &scan->excluded)) {
        return false;
    }
    int fd = open(scan->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    scan->at = fd < 0 ? NULL : fdopendir(fd);
    if (scan->at == NULL) {
        scan->error = errno;
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    set_watch(scan);
    return true;
}

/* Whether the entry is one to be told. Links are neither files nor folders. */
static bool examine(const struct hot_scan *scan, const struct dirent *entry,
                    struct hot_found *found_out)
{
    struct stat info;
    const char *name = entry->d_name;
    bool taken = hot_name_is_photo(name) || hot_name_is_companion(name);
    bool may_be_folder = hot_name_is_folder(name) && entry->d_type != DT_REG;
    if ((!taken && !may_be_folder) ||
        fstatat(dirfd(scan->at), name, &info, AT_SYMLINK_NOFOLLOW) < 0) {
        return false;
    }
    found_out->is_folder = S_ISDIR(info.st_mode);
    found_out->signature = hot_signature_of(&info);
    memccpy(found_out->name, name, '\0', sizeof found_out->name);
    return found_out->is_folder ? may_be_folder : taken && S_ISREG(info.st_mode);
}

void hot_scan_step(struct hot_scan *scan)
{
    const struct dirent *entry;
    scan->count = 0;
    scan->finished = scan->at == NULL && !open_folder(scan);
    while (!scan->finished && scan->count < HOT_SCAN_PART) {
        entry = readdir(scan->at);
        scan->finished = entry == NULL;
        if (entry != NULL && examine(scan, entry, &scan->found[scan->count])) {
            scan->count++;
        }
    }
    if (scan->finished && scan->at != NULL) {
        closedir(scan->at);
        scan->at = NULL;
    }
}
