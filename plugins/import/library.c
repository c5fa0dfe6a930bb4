/* Parts and final names. */
#define _GNU_SOURCE
#include "library.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#define PART_PREFIX ".junmai-"
#define PART_SUFFIX ".part"

static bool is_part_name(const char *name)
{
    size_t len = strlen(name);
    size_t suffix = strlen(PART_SUFFIX);
    return strncmp(name, PART_PREFIX, strlen(PART_PREFIX)) == 0 && len > suffix &&
           strcmp(name + len - suffix, PART_SUFFIX) == 0;
}

/* Make a folder and those above it. */
static int make_folders(const char *path)
{
    char head[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof head) {
        return ENAMETOOLONG;
    }
    memcpy(head, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (head[i] != '/' && head[i] != '\0') {
            continue;
        }
        char separator = head[i];
        head[i] = '\0';
        if (mkdir(head, 0777) < 0 && errno != EEXIST && errno != EROFS && errno != EACCES) {
            return errno;
        }
        head[i] = separator;
    }
    return 0;
}

/* Remove a part unless somebody holds its lock. */
static bool sweep_one(int library_fd, const char *name)
{
    int fd = openat(library_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool swept = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(library_fd, name, 0) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return swept;
}

int library_prepare(const char *library, unsigned *swept_out)
{
    *swept_out = 0;
    int error = make_folders(library);
    return error != 0 ? error : library_sweep(library, swept_out);
}

int library_sweep(const char *library, unsigned *swept_out)
{
    *swept_out = 0;
    DIR *folder = opendir(library);
    if (folder == NULL) {
        return errno;
    }
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (is_part_name(entry->d_name) && sweep_one(dirfd(folder), entry->d_name)) {
            *swept_out += 1;
        }
    }
    int error = faccessat(dirfd(folder), ".", W_OK | X_OK, 0) < 0 ? errno : 0;
    closedir(folder);
    return error;
}

static bool part_name_new(struct part *part)
{
    uint64_t id;
    if (getrandom(&id, sizeof id, 0) != sizeof id) {
        return false;
    }
    snprintf(part->name, sizeof part->name, PART_PREFIX "%016llx" PART_SUFFIX,
             (unsigned long long)id);
    return true;
}

/* A new, empty part, open for writing; its descriptor, or -1. */
static int part_create(struct part *part)
{
    if (!part_name_new(part)) {
        return -1;
    }
    int fd = openat(part->library_fd, part->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        part->name[0] = '\0';
        return -1;
    }
    flock(fd, LOCK_SH);
    return fd;
}

/* A task must not write to what it reads: the copy is opened anew for it. */
static bool part_reopen(struct part *part)
{
    part->fd = openat(part->library_fd, part->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return part->fd >= 0 && flock(part->fd, LOCK_SH) == 0;
}

int part_new(struct part *part, const char *library)
{
    part->library_fd = open(library, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int to_fd = part->library_fd < 0 ? -1 : part_create(part);
    if (to_fd >= 0 && !part_reopen(part)) {
        close(to_fd);
        return -1;
    }
    return to_fd;
}

bool part_fill(struct part *part, const char *library, const struct source *source, bool verify,
               _Atomic uint64_t *copied, struct digests *digests_out, struct verdict *verdict)
{
    part->library_fd = open(library, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int to_fd = part->library_fd < 0 ? -1 : part_create(part);
    if (to_fd < 0) {
        return verdict_library(verdict, errno, "making a file in the library");
    }
    bool ok = copy_and_hash(source, to_fd, copied, digests_out, verdict);
    if (!ok) {
        verdict_name_disk(verdict, library);
    }
    if (ok && !part_reopen(part)) {
        ok = verdict_library(verdict, errno, "reading the copy");
    }
    if (ok && verify) {
        ok = copy_read_back(part->fd, digests_out, source->path, verdict);
    }
    close(to_fd);
    return ok;
}

/* The heads of "a/b/c" one after the other: "a", "a/b", "a/b/c". False behind the last. */
static bool next_head(const char *folder, char head[FOLDER_BYTES])
{
    size_t len = strlen(head);
    if (folder[len] == '\0') {
        return false;
    }
    len += folder[len] == '/';
    len += strcspn(folder + len, "/");
    memcpy(head, folder, len);
    head[len] = '\0';
    return true;
}

/* Make a folder of the library and those above it. */
static int make_library_folder(int library_fd, const char *folder)
{
    char head[FOLDER_BYTES] = "";
    while (next_head(folder, head)) {
        if (mkdirat(library_fd, head, 0777) < 0 && errno != EEXIST) {
            return errno;
        }
    }
    return 0;
}

static void join_path(const char *folder, const char *name,
                      char path_out[FOLDER_BYTES + NAME_BYTES])
{
    snprintf(path_out, FOLDER_BYTES + NAME_BYTES, "%s%s%s", folder, folder[0] == '\0' ? "" : "/",
             name);
}

/* Where the file system cannot rename without replacing, a second name is taken first. */
static int rename_by_link(int folder_fd, const char *from, const char *to)
{
    if (linkat(folder_fd, from, folder_fd, to, 0) < 0) {
        return errno;
    }
    unlinkat(folder_fd, from, 0);
    return 0;
}

int part_place(struct part *part, const char *folder, const char *name)
{
    char path[FOLDER_BYTES + NAME_BYTES];
    int error = make_library_folder(part->library_fd, folder);
    if (error != 0) {
        return error;
    }
    join_path(folder, name, path);
    if (renameat2(part->library_fd, part->name, part->library_fd, path, RENAME_NOREPLACE) < 0) {
        error = errno;
    }
    if (error == EINVAL || error == ENOSYS) {
        error = rename_by_link(part->library_fd, part->name, path);
    }
    if (error == 0) {
        part->name[0] = '\0';
    }
    return error;
}

bool part_equals(const struct part *part, const char *folder, const char *name)
{
    char path[FOLDER_BYTES + NAME_BYTES];
    join_path(folder, name, path);
    int fd = openat(part->library_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat mine;
    struct stat theirs;
    bool equal = fd >= 0 && fstat(part->fd, &mine) == 0 && fstat(fd, &theirs) == 0 &&
                 S_ISREG(theirs.st_mode) && mine.st_size == theirs.st_size &&
                 files_are_equal(part->fd, fd);
    if (fd >= 0) {
        close(fd);
    }
    return equal;
}

bool part_take_back(struct part *part, const char *folder, const char *name)
{
    char path[FOLDER_BYTES + NAME_BYTES];
    join_path(folder, name, path);
    if (!part_name_new(part) ||
        renameat(part->library_fd, path, part->library_fd, part->name) < 0) {
        part->name[0] = '\0';
        return false;
    }
    return true;
}

void part_unplace(const struct part *part, const char *folder, const char *name)
{
    char path[FOLDER_BYTES + NAME_BYTES];
    join_path(folder, name, path);
    unlinkat(part->library_fd, path, 0);
}

static int sync_one(int library_fd, const char *folder)
{
    int fd = openat(library_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    int error = fsync(fd) < 0 ? errno : 0;
    close(fd);
    return error;
}

int part_sync_folder(const struct part *part, const char *folder)
{
    char head[FOLDER_BYTES] = "";
    int error = sync_one(part->library_fd, ".");
    while (error == 0 && next_head(folder, head)) {
        error = sync_one(part->library_fd, head);
    }
    return error;
}

void part_fini(struct part *part)
{
    if (part->name[0] != '\0') {
        unlinkat(part->library_fd, part->name, 0);
    }
    if (part->fd >= 0) {
        close(part->fd);
    }
    if (part->library_fd >= 0) {
        close(part->library_fd);
    }
    *part = PART_NONE;
}
