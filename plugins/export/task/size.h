/* How large an output becomes. Pure. Worker process only. */
#ifndef EXPORT_TASK_SIZE_H
#define EXPORT_TASK_SIZE_H

#include "task/request.h"

struct size {
    int width;
    int height;
};

/* The size of an output of an upright picture of `whole`, with its proportions; never larger unless
 * the output asks for it, never below one pixel. */
struct size size_of_output(const struct output *output, struct size whole);

/* What a decoder may divide the sides of `whole` by, 1, 2, 4 or 8, and still deliver all of
 * `wanted`. */
int size_decoder_shrink(struct size whole, struct size wanted);

/* The same picture lying on its side. */
static inline struct size size_turned(struct size size)
{
    return (struct size){size.height, size.width};
}

#endif
