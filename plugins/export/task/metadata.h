/* The metadata of an output: what the policy keeps of the photograph's, what the preset adds, and what
 * describes the new pixels. Worker process only. */
#ifndef EXPORT_TASK_METADATA_H
#define EXPORT_TASK_METADATA_H

#include "task/bytes.h"
#include "task/request.h"
#include "task/size.h"

#include <glib.h>

/* Each may be NULL. */
struct metadata {
    GBytes *exif;  /* a TIFF, without the "Exif\0\0" that JPEG puts before it */
    GBytes *xmp;   /* a packet */
    GBytes *iptc;  /* IIM datasets in a "Photoshop 3.0" block, as JPEG has them */
    bool had_iptc; /* the photograph, and the policy keeps them */
};

/* Whether exiv2 keeps the makers' tags of a photograph as they are: found out by the first output that
 * wants them, for all. */
enum maker { MAKER_UNKNOWN, MAKER_KEPT, MAKER_LOST };

/* gexiv2, once, after libvips. Returns JM_OK, JM_EUNSUPPORTED, JM_ENOMEM. */
jm_status metadata_setup(void);

/* `source` is the photograph's file. What cannot be read or does not fit becomes a warning. */
void metadata_init(struct metadata *metadata, struct bytes source, enum maker *maker,
                   const struct output *output, struct size size, json_t *warnings);
void metadata_fini(struct metadata *metadata);

#endif
