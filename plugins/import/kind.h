/* What a file's name claims it to be, and which files by their names may belong together. Pure. [any]
 *
 * The name decides only what is looked at: whether it is true, the task finds out. */
#ifndef IMPORT_KIND_H
#define IMPORT_KIND_H

#include <stdbool.h>

enum file_kind {
    KIND_OTHER,
    KIND_RAW,
    KIND_RENDITION, /* what a camera writes beside a raw file: JPEG, HEIF */
    KIND_IMAGE,     /* any other photograph */
    KIND_SIDECAR,   /* XMP, AAE */
    KIND_AUDIO,     /* a spoken note */
    KIND_VIDEO,     /* of a Live Photo */
    KIND_THUMBNAIL, /* THM */
};

enum file_kind kind_of_name(const char *name);

/* Whether the kind is a photograph by itself. */
bool kind_is_photo(enum file_kind kind);

/* Whether the name ends with this extension (with its dot), in whatever case. */
bool name_has_extension(const char *name, const char *extension);

#endif
