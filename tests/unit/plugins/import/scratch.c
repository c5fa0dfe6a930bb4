/* Temporary folders. */
#define _GNU_SOURCE
#include "scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void scratch_init(struct scratch *scratch)
{
    char name[] = "/tmp/junmai-import-XXXXXX";
    assert_non_null(mkdtemp(name));
    assert_non_null(realpath(name, scratch->folder));
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

void scratch_fini(struct scratch *scratch)
{
    nftw(scratch->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(struct scratch *scratch, const char *name)
{
    size_t len = strlen(scratch->folder);
    assert_true(len + strlen(name) + 2 < sizeof scratch->path);
    memcpy(scratch->path, scratch->folder, len);
    scratch->path[len] = '/';
    strcpy(scratch->path + len + 1, name);
    return scratch->path;
}

void scratch_folder(struct scratch *scratch, const char *name)
{
    assert_int_equal(mkdir(scratch_path(scratch, name), 0755), 0);
}

void scratch_file(struct scratch *scratch, const char *name, const void *bytes, size_t len)
{
    int fd = open(scratch_path(scratch, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

void scratch_link(struct scratch *scratch, const char *target, const char *name)
{
    assert_int_equal(symlink(target, scratch_path(scratch, name)), 0);
}

bool scratch_has(struct scratch *scratch, const char *name)
{
    return access(scratch_path(scratch, name), F_OK) == 0;
}

size_t scratch_count(struct scratch *scratch, const char *name, const char *prefix)
{
    size_t count = 0;
    DIR *folder = opendir(scratch_path(scratch, name));
    assert_non_null(folder);
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        bool hidden = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        count += !hidden && strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    }
    closedir(folder);
    return count;
}
