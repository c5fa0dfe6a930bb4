/*
 * A medium that fails: preloaded into the host by pull_test, reads of files below a folder DCIM whose
 * names contain "bad" fail with EIO from the second mebibyte on, as long as the file that
 * JUNMAI_TEST_PULLED names exists.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD_BYTES (1 << 20)
#define EXPORT __attribute__((visibility("default")))

typedef ssize_t pread_fn(int fd, void *buffer, size_t count, off_t at);

EXPORT ssize_t __pread_chk(int fd, void *buffer, size_t count, off_t at, size_t room);
EXPORT ssize_t __pread64_chk(int fd, void *buffer, size_t count, off_t at, size_t room);

static bool fails(int fd, off_t at)
{
    char link[64];
    char path[PATH_MAX];
    const char *mark = getenv("JUNMAI_TEST_PULLED");
    if (at < GOOD_BYTES || !mark || access(mark, F_OK) != 0)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t count = readlink(link, path, sizeof path - 1);
    path[count < 0 ? 0 : count] = '\0';
    return strstr(path, "/DCIM/") && strstr(path, "bad");
}

static ssize_t read_or_fail(int fd, void *buffer, size_t count, off_t at)
{
    static pread_fn *original;
    if (!original) {
        void *symbol = dlsym(RTLD_NEXT, "pread64");
        memcpy(&original, &symbol, sizeof original);
    }
    if (fails(fd, at)) {
        errno = EIO;
        return -1;
    }
    return original(fd, buffer, count, at);
}

EXPORT ssize_t pread(int fd, void *buffer, size_t count, off_t at)
{
    return read_or_fail(fd, buffer, count, at);
}

EXPORT ssize_t pread64(int fd, void *buffer, size_t count, off_t at)
{
    return read_or_fail(fd, buffer, count, at);
}

ssize_t __pread_chk(int fd, void *buffer, size_t count, off_t at, size_t room)
{
    (void)room;
    return read_or_fail(fd, buffer, count, at);
}

ssize_t __pread64_chk(int fd, void *buffer, size_t count, off_t at, size_t room)
{
    (void)room;
    return read_or_fail(fd, buffer, count, at);
}
