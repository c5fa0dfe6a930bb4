/* Which build of a task object lies on the disk: the identity of a file at a path. A worker keeps what
 * it has loaded, so that another build of the same path needs another worker. [loop] */
#ifndef JMH_WORKER_BUILD_H
#define JMH_WORKER_BUILD_H

#include <stdbool.h>
#include <sys/stat.h>

struct jmh_build {
    dev_t device;
    ino_t inode;
    off_t bytes;
    struct timespec modified;
};

/* false where there is no such file. */
bool jmh_build_read(const char *path, struct jmh_build *build_out);
bool jmh_build_eq(const struct jmh_build *a, const struct jmh_build *b);

#endif
