/* Finding, making and locking the data directory; see data_dir.h. Once per process, at start.
 *
 * The lock is flock(): it goes with the process, however that ends, and a program that is started does
 * not inherit it. Between fork and exec a child still has it, for a moment. */
#include "host/store/data_dir.h"

#include "host/util/time.h"
#include "host/util/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long a child of a Junmai that was killed may keep the lock, and how often to look. */
#define ORPHAN_MS 1000
#define LOOK_MS 5

static jm_status fail(struct jmh_err *err, const char *what, const char *path)
{
    const int error = errno;
    jm_status status = JM_EIO;
    if (error == EACCES || error == EPERM || error == EROFS) {
        status = JM_EACCES;
    } else if (error == ENOSPC || error == EDQUOT) {
        status = JM_ENOSPC;
    } else if (error == ENOTDIR || error == ENAMETOOLONG || error == ELOOP) {
        status = JM_EINVAL;
    }
    return jmh_err_set(err, status, "The data directory %s cannot be %s: %s", path, what,
                       strerror(error));
}

/* The path that is asked for, or the usual one. */
static jm_status choose(const char *asked, char *out, size_t cap, struct jmh_err *err)
{
    const char *data_home = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int len = 0;
    if (asked != NULL) {
        len = snprintf(out, cap, "%s", asked);
    } else if (data_home != NULL && data_home[0] == '/') {
        len = snprintf(out, cap, "%s/junmai", data_home);
    } else if (home != NULL && home[0] == '/') {
        len = snprintf(out, cap, "%s/.local/share/junmai", home);
    }
    if (len <= 0) {
        return jmh_err_set(err, JM_EINVAL,
                           "There is no place for the data: name a data directory, or set HOME or "
                           "XDG_DATA_HOME");
    }
    if ((size_t)len >= cap) {
        return jmh_err_set(err, JM_EINVAL, "The path of the data directory is too long");
    }
    return JM_OK;
}

/* Make the folder and those above it. */
static jm_status make(char *path, struct jmh_err *err)
{
    jm_status status = JM_OK;
    const size_t len = strlen(path);
    for (size_t i = 1; i <= len && status == JM_OK; i++) {
        if (i < len && path[i] != '/') {
            continue;
        }
        const char end = path[i];
        path[i] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            status = fail(err, "made", path);
        }
        path[i] = end;
    }
    return status;
}

static jm_status check_owner(const char *path, struct jmh_err *err)
{
    struct stat facts;
    if (stat(path, &facts) != 0) {
        return fail(err, "looked at", path);
    }
    if (!S_ISDIR(facts.st_mode)) {
        return jmh_err_set(err, JM_EINVAL, "The data directory %s is a file: choose another path",
                           path);
    }
    if (facts.st_uid != geteuid()) {
        return jmh_err_set(
            err, JM_EACCES,
            "The data directory %s belongs to user %u, not to user %u who runs this: "
            "choose another, or change its owner",
            path, (unsigned)facts.st_uid, (unsigned)geteuid());
    }
    const unsigned rights = facts.st_mode & 07777;
    if (rights != 0700) {
        if (chmod(path, 0700) != 0) {
            return fail(err, "closed to other users", path);
        }
        jmh_trace(
            JM_LOG_WARNING, "store",
            "The data directory %s had the rights %04o; they are 0700 now, because what is in "
            "it is nobody else's business",
            path, rights);
    }
    return JM_OK;
}

/* The process that the lock's file names; 0 where there is none yet. */
static pid_t holder_of(int fd)
{
    char pid[24] = "";
    const ssize_t len = pread(fd, pid, sizeof pid - 1, 0);
    pid[len > 0 ? len : 0] = '\0';
    return (pid_t)strtol(pid, NULL, 10);
}

static jm_status refuse(pid_t holder, const char *path, struct jmh_err *err)
{
    char name[24] = "(just starting)";
    if (holder > 0) {
        (void)snprintf(name, sizeof name, "%ld", (long)holder);
    }
    return jmh_err_set(
        err, JM_EBUSY,
        "The data directory %s is in use by the Junmai of process %s: stop that one, "
        "or give this one another data directory",
        path, name);
}

/* Where the holder is gone, it is a child of it that is about to become another program. */
static bool take_lock(int fd)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    const uint64_t deadline_ms = jmh_time_monotonic_ms() + ORPHAN_MS;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        const pid_t holder = holder_of(fd);
        const bool is_orphan = holder > 0 && kill(holder, 0) != 0 && errno == ESRCH;
        if (error != EWOULDBLOCK || !is_orphan || jmh_time_monotonic_ms() >= deadline_ms) {
            errno = error;
            return false;
        }
        (void)nanosleep(&pause, NULL);
    }
    return true;
}

static jm_status lock(struct jmh_data_dir *dir, struct jmh_err *err)
{
    char file[PATH_MAX];
    char pid[24];
    if (snprintf(file, sizeof file, "%s/junmai.lock", dir->path) >= (int)sizeof file) {
        return jmh_err_set(err, JM_EINVAL, "The path of the data directory is too long");
    }
    dir->lock_fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (dir->lock_fd < 0) {
        return fail(err, "locked", dir->path);
    }
    if (!take_lock(dir->lock_fd)) {
        return errno == EWOULDBLOCK ? refuse(holder_of(dir->lock_fd), dir->path, err)
                                    : fail(err, "locked", dir->path);
    }
    const int len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(dir->lock_fd, 0) != 0 || pwrite(dir->lock_fd, pid, (size_t)len, 0) != len) {
        return fail(err, "written to", dir->path);
    }
    return JM_OK;
}

jm_status jmh_data_dir_open(struct jmh_data_dir *dir, const char *path, struct jmh_err *err)
{
    char chosen[PATH_MAX] = "";
    *dir = (struct jmh_data_dir){.lock_fd = -1};
    jm_status status = choose(path, chosen, sizeof chosen, err);
    if (status == JM_OK) {
        status = make(chosen, err);
    }
    if (status == JM_OK) {
        status = check_owner(chosen, err);
    }
    if (status == JM_OK && (dir->path = realpath(chosen, NULL)) == NULL) {
        status = fail(err, "found", chosen);
    }
    if (status == JM_OK) {
        status = lock(dir, err);
    }
    if (status != JM_OK) {
        jmh_data_dir_close(dir);
    }
    return status;
}

void jmh_data_dir_close(struct jmh_data_dir *dir)
{
    if (dir->lock_fd >= 0) {
        /* The file stays: another host may have it open already and be about to lock it. */
        (void)close(dir->lock_fd);
        dir->lock_fd = -1;
    }
    free(dir->path);
    dir->path = NULL;
}
