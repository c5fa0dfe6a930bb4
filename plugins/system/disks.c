/* statvfs(). */
#include "disks.h"

#include "sample.h"

#include <sys/statvfs.h>

void disks_read(const char *const *paths, size_t count, struct disks *disks_out)
{
    *disks_out = (struct disks){0, NULL};
    for (size_t i = 0; i < count; i++) {
        struct statvfs info;
        if (statvfs(paths[i], &info) != 0 || info.f_blocks == 0)
            continue;
        /* What is kept for root counts neither as used nor as free, as in df. */
        double used = (double)(info.f_blocks - info.f_bfree);
        double percent = sample_rounded(100 * used / (used + (double)info.f_bavail));
        if (disks_out->path == NULL || percent > disks_out->percent)
            *disks_out = (struct disks){percent, paths[i]};
    }
}
