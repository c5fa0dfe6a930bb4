/* What a file is, by its first bytes; what its name claims. Worker process only. */
#ifndef IMPORT_TASK_FORMAT_H
#define IMPORT_TASK_FORMAT_H

#include "task/bytes.h"

#include <junmai/types.h>

/* Formats of one family share a walker. OPAQUE ones have none: their first bytes must do. */
enum family {
    FAMILY_NONE,
    FAMILY_JPEG,
    FAMILY_PNG,
    FAMILY_WEBP,
    FAMILY_HEIF,
    FAMILY_CR3,
    FAMILY_JXL_BOXES,
    FAMILY_TIFF,
    FAMILY_CRW,
    FAMILY_OPAQUE,
};

struct format {
    const char *name; /* as clients see it: "jpeg", "cr2" */
    const char *mime;
    const char *extensions; /* " jpg jpeg ": the names that files of this format bear */
    enum family family;
};

/* The format that the content shows, NULL when it is no photograph. A camera's raw file that is a
 * TIFF inside is told from others by the name, which therefore counts within that family. */
const struct format *format_detect(struct bytes file, jm_span file_name);

/* The format that is called `name`; it must exist. */
const struct format *format_named(const char *name);

/* Whether the name's extension belongs to another kind of file than the content. */
bool format_name_mismatch(const struct format *format, jm_span file_name);

/* What the file is instead of a photograph, in words: "an XMP sidecar". NULL when it is not known
 * to be anything else. */
const char *format_companion(struct bytes file, jm_span file_name);

#endif
