/* What the studio says of each of its photographs: a JSON object with any of creator, copyright,
 * contact (texts) and keywords (array of texts), in which {session} and {year} stand for themselves.
 * The options template_* give one, a request may replace its members. Pure, but for errors. [loop] */
#ifndef IMPORT_STAMP_H
#define IMPORT_STAMP_H

#include "core.h"

#include <jansson.h>

/* The template that the options give, NULL for none, into core->options.stamp. */
jm_status stamp_read_options(struct import_core *core);

/* The template of a request whose body may say otherwise in its member "template"; NULL where nothing
 * is to be said. The caller's to decref. */
jm_status stamp_read_body(const struct import_core *core, const json_t *template_of_body,
                          json_t **stamp_out);

/* The template with its variables filled in. A new object. */
json_t *stamp_expand(const json_t *stamp, const char *session, const char *year);

#endif
