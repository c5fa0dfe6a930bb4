/* The table of sizes. [any] */
#include "sizes.h"

#include <junmai/sdk/span.h>

const struct preview_size preview_sizes[PREVIEW_SIZE_COUNT] = {
    {"small", 200},
    {"medium", 400},
    {"large", 800},
};

int preview_size_named(jm_span name)
{
    for (int i = 0; i < PREVIEW_SIZE_COUNT; i++) {
        if (jm_span_is(name, preview_sizes[i].name)) {
            return i;
        }
    }
    return -1;
}
