/* The identity of a file. [loop] */
#include "host/worker/build.h"

bool jmh_build_read(const char *path, struct jmh_build *build_out)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return false;
    }
    *build_out = (struct jmh_build){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
    return true;
}

bool jmh_build_eq(const struct jmh_build *a, const struct jmh_build *b)
{
    return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
           a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec;
}
