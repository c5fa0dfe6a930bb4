/* system_settings. */
#include "settings.h"

#include "events.h"
#include "pointer.h"
#include "rules.h"

/* Readers parse the document each time: what is added to it must not make that slow. */
#define DOCUMENT_BYTES_MAX 262144

/* An event that names more than this says that everything has changed. */
#define CHANGED_MAX 256

static jm_status take_document(void *user, const jm_value *columns, size_t count)
{
    json_t **document = user;
    (void)count;
    *document = json_loadb(columns[0].bytes.ptr, columns[0].bytes.len, 0, NULL);
    return JM_OK;
}

jm_status settings_read(const struct system_core *core, json_t **document_out)
{
    *document_out = NULL;
    jm_status status = system_exec(core, "SELECT document FROM system_settings", NULL, 0,
                                   take_document, document_out);
    if (status == JM_OK && *document_out == NULL)
        *document_out = rules_default();
    return status == JM_OK && *document_out == NULL ? JM_ENOMEM : status;
}

uint64_t settings_revision(const struct system_core *core)
{
    int64_t revision = 0;
    (void)system_exec(core, "SELECT revision FROM system_settings", NULL, 0, jm_row_integer,
                      &revision);
    return (uint64_t)revision;
}

jm_status settings_start(struct system_core *core)
{
    uint64_t kept = settings_revision(core);
    if (core->revision < kept)
        core->revision = kept;
    return JM_OK;
}

/* A revision is never given twice, not even after its turn was taken back. */
static jm_status write_document(struct system_core *core, const json_t *document)
{
    jm_span text = jm_json_dump(document);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    if (text.len > DOCUMENT_BYTES_MAX) {
        free((char *)text.ptr);
        return system_fail(core, JM_EINVAL, "the settings must have at most %d bytes",
                           DOCUMENT_BYTES_MAX);
    }
    const jm_value args[] = {JM_INT((int64_t)++core->revision), JM_TEXT(text)};
    jm_status status = system_exec(
        core, "INSERT OR REPLACE INTO system_settings(id, revision, document) VALUES(1, ?1, ?2)",
        args, JM_COUNT(args), NULL, NULL);
    free((char *)text.ptr);
    return status;
}

jm_status settings_replace(struct system_core *core, const json_t *document)
{
    char sentence[RULES_SENTENCE_BYTES];
    json_t *before = NULL;
    json_t *changed = json_array();
    if (!rules_check(document, sentence)) {
        json_decref(changed);
        return system_fail(core, JM_EINVAL, "%s", sentence);
    }
    jm_status status = settings_read(core, &before);
    if (status == JM_OK && !pointer_differences(before, document, changed))
        status = JM_ENOMEM;
    if (json_array_size(changed) > CHANGED_MAX) {
        json_array_clear(changed);
        json_array_append_new(changed, json_string(""));
    }
    if (status == JM_OK && json_array_size(changed) > 0) {
        status = write_document(core, document);
        if (status == JM_OK)
            status = events_config_changed(core, core->revision, changed);
    }
    json_decref(changed);
    json_decref(before);
    return status;
}

jm_status settings_set(struct system_core *core, jm_span pointer, json_t *value_take)
{
    json_t *document = NULL;
    jm_status status = JM_OK;
    if (pointer.len == 0)
        document = json_incref(value_take);
    else
        status = settings_read(core, &document);
    if (status == JM_OK && pointer.len > 0 &&
        !pointer_put(document, pointer, json_incref(value_take)))
        status = system_fail(core, JM_ENOENT, "the settings have no place %.*s",
                             JM_SPAN_ARGS(jm_span_cut(pointer, 128)));
    if (status == JM_OK)
        status = settings_replace(core, document);
    json_decref(document);
    json_decref(value_take);
    return status;
}

double settings_number(const struct system_core *core, const char *pointer, double fallback)
{
    json_t *document = NULL;
    double number = fallback;
    if (settings_read(core, &document) == JM_OK) {
        const json_t *value = pointer_find(document, jm_span_of(pointer));
        if (json_is_number(value))
            number = json_number_value(value);
    }
    json_decref(document);
    return number;
}
