/* An empty JPEG in memory, which exiv2 can write to: gexiv2 hands out Exif and XMP as bytes, but IPTC
 * only inside a file. Worker process only. */
#ifndef EXPORT_TASK_CARRIER_H
#define EXPORT_TASK_CARRIER_H

#include <gexiv2/gexiv2.h>
#include <junmai/types.h>

/* Once, after libvips and gexiv2. Returns JM_OK, JM_EUNSUPPORTED. */
jm_status carrier_setup(void);

/* Tags that are none, to be set; to unref. */
GExiv2Metadata *carrier_tags(void);

/* The IPTC of `tags` as a JPEG has it in its APP13 segment; NULL where it does not fit into one. Exif
 * and XMP of `tags` are gone afterwards. */
GBytes *carrier_encode_iptc(GExiv2Metadata *tags);

#endif
