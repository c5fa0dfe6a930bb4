/* Where pixels lie: libvips' own macros mix signed and unsigned. Worker process only. */
#ifndef EXPORT_TASK_REGION_H
#define EXPORT_TASK_REGION_H

#include <stddef.h>
#include <vips/vips.h>

static inline ptrdiff_t pixel_bytes(const VipsImage *image)
{
    return (ptrdiff_t)vips_format_sizeof(image->BandFmt) * image->Bands;
}

/* The address of a pixel that the region has. */
static inline VipsPel *region_at(VipsRegion *region, int x, int y)
{
    return region->data + (ptrdiff_t)(y - region->valid.top) * region->bpl +
           (ptrdiff_t)(x - region->valid.left) * pixel_bytes(region->im);
}

#endif
