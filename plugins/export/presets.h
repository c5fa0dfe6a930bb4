/* Presets in the store: a change makes a new revision, a job keeps the one that it was made with.
 * Loop thread. A preset's document is XPRESET of the wire contract with further fields. */
#ifndef EXPORT_PRESETS_H
#define EXPORT_PRESETS_H

#include "core.h"
#include "preset_fields.h"

/* What a preset is judged by, of this plugin. */
struct export_rules export_rules_of(const struct export_core *core);

/* A new preset out of a document, which must have all required fields and no unknown ones; owned by
 * the caller. The reason is the whole sentence. */
enum export_verdict export_preset_new(const struct export_core *core, const json_t *given,
                                      json_t **preset_out, char reason_out[EXPORT_REASON_BYTES]);

/* A preset as it is now. */
struct export_preset {
    int64_t id;
    int64_t revision;
    json_t *document; /* with enabled, created_at and updated_at; owned */
};

/* JM_ENOENT, with the sentence "Preset 'X' not found", where there is none. */
jm_status export_preset_find(const struct export_core *core, const char *name,
                             struct export_preset *preset_out);
/* An array of all documents by name; with `enabled_only` of those that are. */
jm_status export_presets_list(const struct export_core *core, bool enabled_only,
                              json_t **presets_out);
/* The document of a revision; JM_ENOENT where there is none. */
jm_status export_preset_revision(const struct export_core *core, int64_t revision,
                                 json_t **document_out);

/* Store a document that export_preset_make() has made. JM_EEXIST where the name is taken. */
jm_status export_preset_add(const struct export_core *core, const json_t *document);
/* Replace a preset's document, its name too. */
jm_status export_preset_replace(const struct export_core *core, const struct export_preset *preset,
                                const json_t *document);
/* Switch it on or off: no new revision, as nothing is rendered otherwise. */
jm_status export_preset_enable(const struct export_core *core, int64_t preset, bool enabled);
jm_status export_preset_remove(const struct export_core *core, int64_t preset);
jm_status export_presets_clear(const struct export_core *core);

/* Lay the shipped presets out, once in the life of the data directory. */
jm_status export_presets_ship(const struct export_core *core);

/* The next {sequence} of a preset in a session; taken with `advance`, only looked at without. */
jm_status export_sequence_next(const struct export_core *core, int64_t preset, int64_t session,
                               int64_t start, bool advance, int64_t *number_out);

#endif
