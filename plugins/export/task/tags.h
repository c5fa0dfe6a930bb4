/* Which tags an output keeps, gets and loses. Worker process only. */
#ifndef EXPORT_TASK_TAGS_H
#define EXPORT_TASK_TAGS_H

#include "task/request.h"
#include "task/size.h"

#include <gexiv2/gexiv2.h>

/* Drop what is about the old file and not about the photograph: where its pixels lie, how they are
 * packed, its thumbnails and previews, its sensor. */
void tags_keep_descriptive(GExiv2Metadata *tags);

/* Drop every position on Earth, in Exif, in XMP whatever its schema, and in what makers write. */
void tags_erase_gps(GExiv2Metadata *tags);

bool tags_have_maker(GExiv2Metadata *tags);

/* Drop the maker's tags. */
void tags_erase_maker(GExiv2Metadata *tags);

/* Whether all makers' tags of the first are in the second, and say the same. */
bool tags_makers_agree(GExiv2Metadata *tags, GExiv2Metadata *others);

/* Copy who made the photograph and whose it is. */
void tags_copy_rights(GExiv2Metadata *from, GExiv2Metadata *to);

/* Copyright, contact and keywords of the output, where it has any. */
void tags_add(GExiv2Metadata *tags, const struct output *output);

/* Upright, this large, in this space. */
void tags_describe_pixels(GExiv2Metadata *tags, enum space space, struct size size);

#endif
