/* Exif and IPTC in a TIFF, which libvips writes without. Worker process only. */
#ifndef EXPORT_TASK_TIFF_TAGS_H
#define EXPORT_TASK_TIFF_TAGS_H

#include "task/metadata.h"

/* Give the TIFF that libvips has written the tags it lacks: Exif is itself a TIFF, so its directories
 * are put behind the file, and a first directory that has the tags of both behind them. False with
 * errno. */
bool tiff_tags_append(int fd, const struct metadata *metadata);

#endif
