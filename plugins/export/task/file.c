/* System calls on descriptors. Worker process only. */
#include "task/file.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_map(int fd, struct bytes *file_out, struct fault *fault)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0) {
        fault_set(fault, JM_EINVAL, "the file is empty, or no regular file");
        return false;
    }
    size_t len = (size_t)info.st_size;
    void *ptr = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (ptr == MAP_FAILED) {
        fault_set(fault, JM_ENOMEM, "the file of %zu bytes does not fit into memory", len);
        return false;
    }
    *file_out = (struct bytes){ptr, len};
    return true;
}

void file_unmap(struct bytes file)
{
    if (file.ptr != NULL) {
        munmap((void *)file.ptr, (size_t)file.len);
    }
}

bool file_write(int fd, const void *ptr, size_t len, uint64_t at)
{
    const char *from = ptr;
    while (len > 0) {
        ssize_t written = pwrite(fd, from, len, (off_t)at);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        from += written;
        len -= (size_t)written;
        at += (size_t)written;
    }
    return true;
}

bool file_restart(int fd, struct fault *fault)
{
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        fault_set(fault, JM_EIO, "the output cannot be written: %s", strerror(errno));
        return false;
    }
    return true;
}

uint64_t file_bytes(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 ? (uint64_t)info.st_size : 0;
}
