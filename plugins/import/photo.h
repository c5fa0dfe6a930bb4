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

/* The day and the time on the camera's clock in the worker's result, absent where there is none; they
 * live as long as the photograph. They are no fields of the catalog: photo_drop_day() removes them. */
jm_span photo_day(const json_t *photo);
jm_span photo_clock(const json_t *photo);
void photo_drop_day(json_t *photo);

/* Add a warning. */
void photo_warn(json_t *photo, const char *warning);

#endif
