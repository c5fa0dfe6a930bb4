/* What happens to the file that is imported. */
#ifndef IMPORT_MODE_H
#define IMPORT_MODE_H

#include <junmai/sdk/span.h>
#include <stdbool.h>

enum import_mode {
    IMPORT_DEFAULT,   /* what the option `mode` says */
    IMPORT_COPY,      /* it is copied into the library and stays */
    IMPORT_MOVE,      /* the same, and removed once the copy is verified and in the catalog */
    IMPORT_REFERENCE, /* it is catalogued where it is */
};

/* "copy", "move", "reference". */
static inline const char *mode_name(enum import_mode mode)
{
    static const char *const names[] = {"", "copy", "move", "reference"};
    return names[mode];
}

static inline bool mode_parse(jm_span text, enum import_mode *mode_out)
{
    for (int mode = IMPORT_COPY; mode <= IMPORT_REFERENCE; mode++) {
        if (jm_span_is(text, mode_name((enum import_mode)mode))) {
            *mode_out = (enum import_mode)mode;
            return true;
        }
    }
    return false;
}

#endif
