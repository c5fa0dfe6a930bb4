/* Copying files; see copy.h. */
#include "copy.h"

#include "cli.h"
#include "memory.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (4u << 20)
#define TRIES 5

enum outcome { COPIED, CHANGED, GONE, FAILED };

bool jmc_copy_make_parents(const char *path)
{
    char *folder = jmc_text_copy(path);
    bool is_made = true;
    for (char *slash = strchr(folder + 1, '/'); slash != NULL && is_made;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        is_made = mkdir(folder, 0700) == 0 || errno == EEXIST;
        if (!is_made) {
            (void)jmc_complain("the folder %s cannot be made: %s", folder, strerror(errno));
        }
        *slash = '/';
    }
    free(folder);
    return is_made;
}

/* A piece, within the file system where it can; the number of bytes, 0 at the end, or -1. */
static ssize_t copy_piece(int from, int to)
{
    static char buffer[64 * 1024];
    ssize_t count = copy_file_range(from, NULL, to, NULL, PIECE_BYTES, 0);
    if (count > 0 || (count < 0 && (errno == ENOSPC || errno == EIO || errno == EDQUOT))) {
        return count;
    }
    /* It cannot, or is at the end; the plain way finds out which. */
    count = read(from, buffer, sizeof buffer);
    for (ssize_t done = 0; done < count;) {
        const ssize_t written = write(to, buffer + done, (size_t)(count - done));
        if (written < 0) {
            return -1;
        }
        done += written;
    }
    return count;
}

/* The bytes, the rights and the time of an open file. */
static enum outcome copy_content(int from, int to, const char *path, struct jmc_progress *progress)
{
    struct stat facts;
    uint64_t copied = 0;
    ssize_t count;
    const uint64_t before = progress->bytes_done;
    while ((count = copy_piece(from, to)) > 0) {
        copied += (uint64_t)count;
        progress->bytes_done = before + copied;
        jmc_progress_show(progress);
        if (jmc_stop_asked()) {
            return FAILED;
        }
    }
    progress->bytes_done = before;
    if (count < 0 || fstat(from, &facts) != 0) {
        (void)jmc_complain("%s cannot be copied: %s", path, strerror(errno));
        return FAILED;
    }
    if ((uint64_t)facts.st_size != copied) {
        return CHANGED;
    }
    const struct timespec times[2] = {facts.st_atim, facts.st_mtim};
    if (fchmod(to, facts.st_mode & 0777) != 0 || futimens(to, times) != 0 ||
        fstat(to, &facts) != 0) {
        (void)jmc_complain("%s cannot be copied: %s", path, strerror(errno));
        return FAILED;
    }
    return (uint64_t)facts.st_size == copied ? COPIED : CHANGED;
}

static enum outcome copy_file(const char *from, const char *to, struct jmc_progress *progress)
{
    const int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (source < 0 && errno == ENOENT) {
        return GONE;
    }
    const int target =
        source < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum outcome outcome = FAILED;
    if (target < 0) {
        (void)jmc_complain("%s cannot be copied: %s", source < 0 ? from : to, strerror(errno));
    } else {
        outcome = copy_content(source, target, from, progress);
    }
    if (target >= 0 && close(target) != 0 && outcome == COPIED) {
        (void)jmc_complain("%s cannot be written: %s", to, strerror(errno));
        outcome = FAILED;
    }
    if (source >= 0) {
        (void)close(source);
    }
    return outcome;
}

/* One file, by a link or by as many tries as it takes. */
static enum outcome place(const char *from, const char *to, bool links,
                          struct jmc_progress *progress, uint64_t *bytes_out)
{
    struct stat facts;
    enum outcome outcome = CHANGED;
    if (!jmc_copy_make_parents(to)) {
        return FAILED;
    }
    if (links && link(from, to) == 0) {
        outcome = COPIED;
    }
    for (int i = 0; i < TRIES && outcome == CHANGED; i++) {
        outcome = copy_file(from, to, progress);
    }
    if (outcome == CHANGED) {
        (void)jmc_complain("%s is being written to all the time: try again when it is not", from);
        return FAILED;
    }
    if (outcome == COPIED && lstat(to, &facts) != 0) {
        (void)jmc_complain("%s cannot be looked at: %s", to, strerror(errno));
        return FAILED;
    }
    *bytes_out = outcome == COPIED ? (uint64_t)facts.st_size : 0;
    return outcome;
}

bool jmc_copy_files(const char *from, const char *to, struct jmc_files *files, bool links,
                    bool all_needed, struct jmc_progress *progress)
{
    for (size_t i = 0; i < files->count;) {
        char *source = jmc_textf("%s/%s", from, files->items[i].path);
        char *target = jmc_textf("%s/%s", to, files->items[i].path);
        uint64_t bytes = 0;
        const enum outcome outcome = place(source, target, links, progress, &bytes);
        if (outcome == GONE && all_needed) {
            (void)jmc_complain("%s is missing", source);
        }
        free(source);
        free(target);
        if (outcome == GONE && !all_needed) {
            jmc_files_remove(files, i);
        } else if (outcome == COPIED) {
            jmc_files_resize(files, i, bytes);
            i++;
        } else {
            return false;
        }
        progress->files_done++;
        progress->bytes_done += bytes;
        jmc_progress_show(progress);
        if (jmc_stop_asked()) {
            return false;
        }
    }
    return true;
}

bool jmc_copy_sync(const char *folder)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_synced = fd >= 0 && syncfs(fd) == 0;
    if (!is_synced) {
        (void)jmc_complain("%s cannot be brought to the disk: %s", folder, strerror(errno));
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_synced;
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place_of)
{
    (void)facts;
    (void)kind;
    (void)place_of;
    (void)remove(path);
    return 0;
}

void jmc_copy_remove(const char *folder)
{
    (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
