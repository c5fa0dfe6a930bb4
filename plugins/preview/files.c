/* Opening, placing, closing. */
#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <junmai/sdk/path.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((format(printf, 3, 4))) static void fail(struct files *files, int32_t http_status,
                                                       const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(files->text, sizeof files->text, format, args);
    va_end(args);
    files->http_status = http_status;
}

void files_init(struct files *files, const char *folder, const char *hash)
{
    *files = (struct files){.folder = folder, .hash = hash, .source_fd = -1};
    for (int i = 0; i < PREVIEW_SIZE_COUNT; i++) {
        files->part_fds[i] = -1;
    }
}

/* The text may be the path itself, or the path with escapes (junmai/sdk/path.h). */
static int open_text(const char *path)
{
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd = open(path, flags);
    if (fd < 0 && errno == ENOENT) {
        char *bytes = jm_path_bytes(jm_span_of(path));
        fd = bytes == NULL ? -1 : open(bytes, flags);
        int error = errno;
        free(bytes);
        errno = error;
    }
    return fd;
}

static void open_source(struct files *files, const char *path)
{
    struct stat info;
    files->source_fd = open_text(path);
    if (files->source_fd < 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
        if (missing) {
            fail(files, 404, "Photo file not found");
        } else {
            fail(files, 503, "the photograph's file cannot be opened: %s", strerror(errno));
        }
    } else if (fstat(files->source_fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        fail(files, 404, "Photo file not found");
    } else {
        files->source_bytes = info.st_size;
    }
}

static int open_folder(struct files *files)
{
    int folder = open(files->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        fail(files, 503, "the folder for thumbnails cannot be opened: %s", strerror(errno));
    }
    return folder;
}

void files_open(struct files *files, const char *path)
{
    char name[NAME_BYTES];
    open_source(files, path);
    int folder = files->http_status == 0 ? open_folder(files) : -1;
    for (int i = 0; i < PREVIEW_SIZE_COUNT && files->http_status == 0; i++) {
        path_of_part(files->hash, preview_sizes[i].edge, name);
        files->part_fds[i] =
            openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (files->part_fds[i] < 0) {
            fail(files, 503, "a thumbnail cannot be written: %s", strerror(errno));
        }
    }
    if (folder >= 0) {
        close(folder);
    }
}

static void place_one(struct files *files, int folder, int i)
{
    char part[NAME_BYTES];
    char name[NAME_BYTES];
    struct stat info;
    path_of_part(files->hash, preview_sizes[i].edge, part);
    path_of_file(files->hash, preview_sizes[i].edge, name);
    if (fstat(files->part_fds[i], &info) != 0 || info.st_size == 0 ||
        info.st_size > THUMBNAIL_BYTES_MAX) {
        fail(files, 503, "the worker has made no usable thumbnail; try again");
    } else if (renameat(folder, part, folder, name) != 0) {
        fail(files, 503, "a thumbnail cannot be put into the cache: %s", strerror(errno));
    } else {
        files->part_bytes[i] = info.st_size;
    }
}

void files_place(struct files *files)
{
    char shard[SHARD_BYTES];
    int folder = open_folder(files);
    if (folder < 0) {
        return;
    }
    memcpy(shard, files->hash, SHARD_BYTES - 1);
    shard[SHARD_BYTES - 1] = '\0';
    if (mkdirat(folder, shard, 0755) != 0 && errno != EEXIST) {
        fail(files, 503, "a folder for thumbnails cannot be made: %s", strerror(errno));
    }
    for (int i = 0; i < PREVIEW_SIZE_COUNT && files->http_status == 0; i++) {
        place_one(files, folder, i);
    }
    close(folder);
}

void files_fini(struct files *files)
{
    char name[NAME_BYTES];
    int folder = open(files->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < PREVIEW_SIZE_COUNT; i++) {
        if (files->part_fds[i] < 0) {
            continue;
        }
        close(files->part_fds[i]);
        if (files->part_bytes[i] == 0 && folder >= 0) {
            path_of_part(files->hash, preview_sizes[i].edge, name);
            unlinkat(folder, name, 0);
        }
    }
    if (files->source_fd >= 0) {
        close(files->source_fd);
    }
    if (folder >= 0) {
        close(folder);
    }
    files_init(files, files->folder, files->hash);
}
