/* Free space. */
#include "space.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

int space_free(const char *folder, uint64_t *free_bytes_out)
{
    struct statvfs disk;
    *free_bytes_out = 0;
    if (statvfs(folder, &disk) < 0) {
        return errno;
    }
    *free_bytes_out = (uint64_t)disk.f_bavail * disk.f_frsize;
    return 0;
}

bool space_compare(const char *folder, const char *what, uint64_t needed_bytes, uint64_t free_bytes,
                   struct verdict *verdict)
{
    if (needed_bytes <= free_bytes) {
        return true;
    }
    return verdict_trouble(verdict, 503, "disk_full",
                           "%s %s has too little room: %llu bytes are needed, %llu are free; the "
                           "disk is full, make room, then try again",
                           what, folder, (unsigned long long)needed_bytes,
                           (unsigned long long)free_bytes);
}

bool space_check(const char *folder, const char *what, uint64_t needed_bytes,
                 struct verdict *verdict)
{
    uint64_t free_bytes;
    int error = space_free(folder, &free_bytes);
    if (error != 0) {
        return verdict_trouble(verdict, 503, "library_unwritable", "%s %s cannot be used: %s", what,
                               folder, strerror(error));
    }
    return space_compare(folder, what, needed_bytes, free_bytes, verdict);
}
