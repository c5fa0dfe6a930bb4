/* The studio's document in the store: read, replace, and tell what has changed.
 *
 * The store is the only copy, so that a turn that is taken back takes the change back too. */
#ifndef SYSTEM_SETTINGS_H
#define SYSTEM_SETTINGS_H

#include "core.h"

/* Go on behind the last revision that was given. [loop & active] */
jm_status settings_start(struct system_core *core);

/* The document, owned by the caller. Returns JM_OK, JM_ENOMEM, or what the store said. */
jm_status settings_read(const struct system_core *core, json_t **document_out);

/* Replace the document and publish config_changed, where it is another one.
 * Returns JM_OK; JM_EINVAL with the sentence of rules_check(); or what the store said. */
jm_status settings_replace(struct system_core *core, const json_t *document);

/* The revision of the document; 0 for the default one. */
uint64_t settings_revision(const struct system_core *core);

/* Replace the value at a JSON pointer. Returns as settings_replace(), and JM_ENOENT. */
jm_status settings_set(struct system_core *core, jm_span pointer, json_t *value_take);

/* A number of the document, `fallback` where it is none. */
double settings_number(const struct system_core *core, const char *pointer, double fallback);

#endif
