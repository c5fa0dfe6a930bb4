/* Looking at files. [worker] */
#define _GNU_SOURCE
#include "hot_look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/vfs.h>
#include <unistd.h>

/* NFS, SMB, CIFS, SMB2, FUSE, 9P, AFS, Ceph; statfs(2) */
static const uint32_t network_types[] = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                         0x65735546, 0x01021997, 0x5346414F, 0x00C36400};

static int64_t ns_of(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct hot_signature hot_signature_of(const struct stat *info)
{
    return (struct hot_signature){
        .size = info->st_size,
        .mtime_ns = ns_of(info->st_mtim),
        .ctime_ns = ns_of(info->st_ctim),
        .inode = info->st_ino,
    };
}

bool hot_on_network(int fd)
{
    struct statfs info;
    if (fstatfs(fd, &info) < 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof network_types / sizeof network_types[0]; i++) {
        if ((uint32_t)info.f_type == network_types[i]) {
            return true;
        }
    }
    return false;
}

/* The kernel grants a read lease only while nobody has the file open for writing; to the file's owner
 * and to a privileged process, on file systems that know leases. Who opens it for writing in the
 * moment before the lease is given back waits that long, and the kernel signals us: with SIGURG,
 * which is ignored, instead of SIGIO, which ends a process. */
static bool is_written(int fd)
{
    if (hot_on_network(fd)) {
        return false; /* there a lease may be refused because the server gives none */
    }
    if (fcntl(fd, F_SETSIG, SIGURG) < 0) {
        return false;
    }
    if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0) {
        return errno == EAGAIN || errno == EBUSY;
    }
    fcntl(fd, F_SETLEASE, F_UNLCK);
    return false;
}

void hot_look_at(const char *path, struct hot_sighting *sighting_out)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int known = fd < 0 ? lstat(path, &info) : fstat(fd, &info);
    *sighting_out = (struct hot_sighting){0};
    if (known == 0 && S_ISREG(info.st_mode)) {
        sighting_out->there = true;
        sighting_out->signature = hot_signature_of(&info);
        sighting_out->written = fd >= 0 && is_written(fd);
    }
    if (fd >= 0) {
        close(fd);
    }
}
