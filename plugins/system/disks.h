/* How full the disks of some folders are. May block on a network mount. [worker] */
#ifndef SYSTEM_DISKS_H
#define SYSTEM_DISKS_H

#include <stddef.h>

struct disks {
    double percent;   /* of the fullest one, 0 to 100 with one decimal */
    const char *path; /* its folder; NULL where none could be asked */
};

void disks_read(const char *const *paths, size_t count, struct disks *disks_out);

#endif
