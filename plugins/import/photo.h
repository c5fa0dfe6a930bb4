/* A photograph on its way into the catalog: what the worker has read, checked, and what the import
 * itself knows. Pure. [any] */
#ifndef IMPORT_PHOTO_H
#define IMPORT_PHOTO_H

#include "naming.h"

#include <jansson.h>

/* Take the fields that the catalog knows out of the worker's result, and no other: the worker has
 * read a foreign file, so that what comes from it is not trusted. A new object, NULL when out of
 * memory or where the result is no object. */
json_t *photo_from_result(jm_span result);

/* The day in the worker's result, absent where there is none; lives as long as the photograph. It is
 * no field of the catalog: photo_drop_day() removes it. */
jm_span photo_day(const json_t *photo);
void photo_drop_day(json_t *photo);

/* Add a warning. */
void photo_warn(json_t *photo, const char *warning);

#endif
