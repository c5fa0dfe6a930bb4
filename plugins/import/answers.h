/* Answers of the import routes that are not a plain success. [loop & (active | draining)] */
#ifndef IMPORT_ANSWERS_H
#define IMPORT_ANSWERS_H

#include "core.h"
#include "verdict.h"

#include <jansson.h>

/* Answer with what went wrong: {"error": "PREFIX: text", "details": text} and the members of
 * `more_take` (may be NULL). A client that has left is no fault. */
void answer_failure(const struct import_core *core, jm_id request, const struct verdict *verdict,
                    const char *prefix, json_t *more_take);

/* Answer 200. */
void answer_success(const struct import_core *core, jm_id request, json_t *json_take);

/* Pass a failure of the catalog on as this plugin's own. Returns `status`. */
jm_status answer_by_catalog(const struct import_core *core, jm_status status);

/* Whether imports may start now; the sentence says why not. Returns JM_OK, JM_EBUSY. */
jm_status answer_if_away(const struct import_core *core);

#endif
