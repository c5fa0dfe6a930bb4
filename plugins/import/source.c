/* Opening sources. [worker]
 *
 * Between judging a path and opening it, somebody may put a link in its place. So the file is opened
 * first, without following a last link and without waiting for a pipe's other end, and what was opened
 * is judged again. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <junmai/sdk/path.h>
#include <stdio.h>
#include <unistd.h>

/* Where the descriptor really is. The kernel adds " (deleted)" to a file that has just gone, which
 * does not change in which folder it was. */
static bool real_path(int fd, char path_out[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path_out, PATH_MAX - 1);
    path_out[len < 0 ? 0 : len] = '\0';
    return len > 0;
}

static bool cannot_open(const char *path, int error, struct verdict *verdict)
{
    switch (error) {
    case ELOOP:
        return verdict_set(verdict, 403, "%s was replaced by a link", path);
    case ENOENT:
        return verdict_set(verdict, 404, "File does not exist: %s", path);
    case EMFILE:
    case ENFILE:
        return verdict_trouble(verdict, 503, "too_many_files",
                               "%s cannot be opened: too many open files", path);
    default:
        return verdict_set(verdict, 400, "%s cannot be read: %s", path, strerror(error));
    }
}

static bool check(const struct import_roots *roots, uint64_t max_bytes, struct source *source,
                  struct verdict *verdict)
{
    char real[PATH_MAX];
    if (fstat(source->fd, &source->info) < 0) {
        return cannot_open(source->path, errno, verdict);
    }
    if (S_ISDIR(source->info.st_mode)) {
        return verdict_set(verdict, 400, "%s is a folder, not a photograph", source->path);
    }
    if (!S_ISREG(source->info.st_mode)) {
        return verdict_set(verdict, 400, "%s is no regular file", source->path);
    }
    if (!real_path(source->fd, real)) {
        return verdict_set(verdict, 403, "%s cannot be judged: it leads nowhere", source->path);
    }
    if (!roots_allow(roots, real, verdict)) {
        return false;
    }
    if ((uint64_t)source->info.st_size > max_bytes) {
        return verdict_set(verdict, 400, "%s has %lld bytes, more than option max_file_mib allows",
                           source->path, (long long)source->info.st_size);
    }
    return true;
}

static bool open_path(const struct import_roots *roots, uint64_t max_bytes, const char *path,
                      struct source *source_out, struct verdict *verdict)
{
    if (!roots_resolve(roots, path, source_out->path, verdict)) {
        return false;
    }
    source_out->fd =
        open(source_out->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (source_out->fd < 0) {
        return cannot_open(path, errno, verdict);
    }
    if (check(roots, max_bytes, source_out, verdict)) {
        return true;
    }
    close(source_out->fd);
    source_out->fd = -1;
    return false;
}

bool source_open(const struct import_roots *roots, uint64_t max_bytes, const char *text,
                 struct source *source_out, struct verdict *verdict)
{
    source_out->fd = -1;
    if (open_path(roots, max_bytes, text, source_out, verdict)) {
        return true;
    }
    if (verdict->http_status != 404) {
        return false;
    }
    char *bytes = jm_path_bytes(jm_span_of(text));
    struct verdict second = {0};
    bool escaped = bytes != NULL && strcmp(bytes, text) != 0;
    bool opened = escaped && open_path(roots, max_bytes, bytes, source_out, &second);
    free(bytes);
    if (opened) {
        *verdict = (struct verdict){0};
    } else if (escaped && second.http_status != 404) {
        *verdict = second;
    }
    return opened;
}
