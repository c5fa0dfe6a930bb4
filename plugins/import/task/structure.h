/* Whether a file is whole: what the walkers of the single formats find out.
 *
 * A walker follows the skeleton of its format, never the pixels: markers, chunks, boxes, directories.
 * It refuses what is cut short, and notes what is odd but harms no pixel as a warning.
 * Worker process only. */
#ifndef IMPORT_TASK_STRUCTURE_H
#define IMPORT_TASK_STRUCTURE_H

#include "task/bytes.h"
#include "task/format.h"

/* Warnings, as bits; warning_name() has the text that clients see. */
#define WARN_TRAILING_GARBAGE 1u    /* bytes follow the end of the image */
#define WARN_EXTENSION_MISMATCH 2u  /* the name says another format than the content */
#define WARN_EXIF_DAMAGED 4u        /* a directory of tags leads outside the file, or in a circle */
#define WARN_METADATA_UNREADABLE 8u /* an image, but no reader of tags knows its format */
#define WARN_CAPTURE_TIME_INVALID 16u /* a date is there that is no date */
#define WARN_NO_EXIF 32u              /* no camera has written tags into it */
#define WARN_IMAGES_MISSING 64u       /* its index names further images that are not there */
#define WARN_SIDECAR_UNREADABLE 128u  /* the XMP sidecar beside it is no XMP */

struct structure {
    uint32_t width; /* as stored, before the orientation is applied; 0: the walker cannot tell */
    uint32_t height;
    uint32_t warnings;      /* WARN_* */
    uint64_t indexed_bytes; /* of JPEG: where the last image that its index names ends */
    bool is_dng;            /* of TIFF files */
    char reason[160];       /* why the file is refused */
};

/* Walk a file of a known format. False: refused, structure_out->reason says why. */
bool structure_check(const struct format *format, struct bytes file,
                     struct structure *structure_out);

/* The name of one WARN_* bit. */
const char *warning_name(uint32_t warning);

/* The walkers. Each returns false after refuse(). */
bool jpeg_walk(struct bytes file, struct structure *structure);
bool png_walk(struct bytes file, struct structure *structure);
bool webp_walk(struct bytes file, struct structure *structure);
bool bmff_walk(struct bytes file, struct structure *structure);
bool tiff_walk(struct bytes file, struct structure *structure);
bool crw_walk(struct bytes file, struct structure *structure);

/* Look at the tags of a JPEG, a TIFF structure within the file: damage is only a warning. */
void tiff_walk_exif(struct bytes exif, struct structure *structure);

/* Where the last image ends that a JPEG's index of images (MPF) names, counted from the index. */
uint64_t tiff_walk_mpf(struct bytes index);

/* Write the reason and return false. */
__attribute__((format(printf, 2, 3))) bool refuse(struct structure *structure, const char *format,
                                                  ...);

#endif
