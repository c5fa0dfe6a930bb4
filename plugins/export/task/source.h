/* The photograph: what it is, and its pixels as an output needs them. Worker process only. */
#ifndef EXPORT_TASK_SOURCE_H
#define EXPORT_TASK_SOURCE_H

#include "task/colour.h"
#include "task/kind.h"
#include "task/progress.h"
#include "task/size.h"

struct source {
    struct bytes file;
    enum kind kind;
    struct size whole; /* upright, at full resolution */
    int orientation;   /* EXIF's 1 to 8, of the pixels that source_image() gives */
    char profile[COLOUR_NAME_BYTES];
    json_t *warnings;
    VipsImage *pixels; /* in memory, shared by all outputs; NULL: each decodes for itself */
};

/* Look at a file; raw files are decoded now, large enough for every output of the request. To be ended
 * by source_fini() whatever comes out. */
void source_init(struct source *source, const struct request *request, struct progress *progress,
                 struct fault *fault);
void source_fini(struct source *source);

/* Decode once for all outputs of a request, where they are several and what they have in common is
 * small enough to stay in memory. */
void source_share(struct source *source, const struct request *request, struct progress *progress,
                  struct fault *fault);

/* Pixels that colour_prepare() has made, not smaller than `wanted` (upright) unless the photograph is,
 * not turned yet. To unref; NULL where it fails. */
VipsImage *source_image(struct source *source, struct size wanted, struct fault *fault);

/* Whether the pixels lie on their side. */
static inline bool source_is_turned(const struct source *source)
{
    return source->orientation >= 5;
}

#endif
