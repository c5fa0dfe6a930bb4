/* Whether a raw file and a rendition are one photograph: by what their tags say, never by their names
 * alone. Pure. [any] */
#ifndef IMPORT_PAIR_H
#define IMPORT_PAIR_H

#include <jansson.h>
#include <stdbool.h>

/* The fields of photo_from_result(), NULL for none: the same second on the camera's clock, and the
 * same camera. */
bool pair_agrees(const json_t *raw, const json_t *rendition);

#endif
