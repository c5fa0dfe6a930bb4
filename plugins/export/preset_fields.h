/* The fields of an export preset (XPRESET of the wire contract, and what is new here). Pure. [any] */
#ifndef EXPORT_PRESET_FIELDS_H
#define EXPORT_PRESET_FIELDS_H

#include "formats.h"
#include "roots.h"

#include <jansson.h>

/* What a preset is judged by, beside the table. */
struct export_rules {
    const struct export_formats *formats;
    const struct export_roots *roots;
    const char *exports; /* folder of relative destinations */
};

enum export_verdict {
    EXPORT_VALID,
    EXPORT_INVALID, /* 400 */
    EXPORT_OUTSIDE, /* 403: a path outside of the roots */
};

/* The required fields that `given` lacks, "a, b"; "" where it has them all. */
void export_preset_missing(const json_t *given, char missing_out[EXPORT_REASON_BYTES]);

/* The first key of `given` that is no field of a preset; NULL where all are. created_at and
 * updated_at are the store's, and are passed over. */
const char *export_preset_unknown(const json_t *given);

/* A whole preset: `given` over `base` (NULL: the defaults), both unchanged. Keys that are no fields
 * are left out. The reason names the field and what is allowed. */
enum export_verdict export_preset_make(const struct export_rules *rules, const json_t *given,
                                       const json_t *base, json_t **preset_out,
                                       char reason_out[EXPORT_REASON_BYTES]);

/* Whether two whole presets are alike in every field. */
bool export_preset_equal(const json_t *a, const json_t *b);

/* Members of a whole preset. */
const char *export_preset_text(const json_t *preset, const char *field);
int64_t export_preset_int(const json_t *preset, const char *field);
bool export_preset_flag(const json_t *preset, const char *field);

#endif
