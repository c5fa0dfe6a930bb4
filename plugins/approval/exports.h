/* Exports of what was approved, at the plugin export. */
#ifndef APPROVAL_EXPORTS_H
#define APPROVAL_EXPORTS_H

#include "core.h"

#include <jansson.h>

/* Whether the studio exports what is approved by itself (processing.auto_export). [loop & active]
 * */
bool approval_exports_by_themselves(const struct approval_core *core);

/* Export a photograph with every enabled preset, and append the jobs (XJOB of the wire contract).
 * Without the plugin export there are none. */
jm_status approval_exports_add(const struct approval_core *core, int64_t photo, json_t *jobs);

#endif
