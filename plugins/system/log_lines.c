/* system_log. */
#include "log_lines.h"

#include "pointer.h"
#include "settings.h"

#include <junmai/sdk/utc.h>
#include <strings.h>

const char *const log_categories[] = {"main", "performance", "errors", NULL};

bool log_category_is_known(jm_span category)
{
    for (const char *const *known = log_categories; *known != NULL; known++) {
        if (jm_span_is(category, *known))
            return true;
    }
    return false;
}

int log_level_rank(jm_span level)
{
    static const char *const names[] = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
    for (size_t i = 0; i < JM_COUNT(names); i++) {
        if (level.len == strlen(names[i]) && strncasecmp(level.ptr, names[i], level.len) == 0)
            return (int)i;
    }
    return -1;
}

int log_lines_least(const struct system_core *core)
{
    json_t *document = NULL;
    int least = 0;
    if (settings_read(core, &document) == JM_OK) {
        const json_t *value = pointer_find(document, JM_SPAN("/system/log_level"));
        least = log_level_rank(jm_span_of(json_string_value(value)));
    }
    json_decref(document);
    return least;
}

static jm_status insert(const struct system_core *core, const struct log_line *line, jm_span fields)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(line->category)),
                             JM_INT(line->at_ms),
                             JM_TEXT(jm_span_of(line->level)),
                             JM_TEXT(jm_span_of(line->logger)),
                             JM_TEXT(jm_span_of(line->function)),
                             JM_TEXT(jm_span_of(line->message)),
                             JM_TEXT(fields)};
    return system_exec(core,
                       "INSERT INTO system_log"
                       "(category, at_ms, level, logger, function, message, fields)"
                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                       args, JM_COUNT(args), NULL, NULL);
}

jm_status log_lines_trim(const struct system_core *core)
{
    jm_status status = JM_OK;
    for (const char *const *category = log_categories; *category != NULL && status == JM_OK;
         category++) {
        const jm_value args[] = {JM_TEXT(jm_span_of(*category)),
                                 JM_INT(core->options.log_max_rows)};
        status = system_exec(core,
                             "DELETE FROM system_log WHERE category = ?1 AND id <= (SELECT id FROM"
                             " system_log WHERE category = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                             args, JM_COUNT(args), NULL, NULL);
    }
    return status;
}

jm_status log_lines_add(const struct system_core *core, const struct log_line *line, int least,
                        json_t *fields_take)
{
    jm_span fields = jm_json_dump(fields_take);
    json_decref(fields_take);
    if (jm_span_absent(fields))
        return JM_ENOMEM;
    jm_status status = JM_OK;
    if (log_level_rank(jm_span_of(line->level)) >= least)
        status = insert(core, line, fields);
    free((char *)fields.ptr);
    return status;
}

/* What a line has of its own wins over a field of the same name. */
static json_t *line_json(const jm_value *columns)
{
    char at[JM_UTC_BYTES];
    json_t *line = json_loadb(columns[5].bytes.ptr, columns[5].bytes.len, 0, NULL);
    jm_utc_format(columns[0].integer, at);
    json_t *own =
        json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:i}", "timestamp", at, "level",
                  jm_json_text(columns[1].bytes), "message", jm_json_text(columns[4].bytes),
                  "logger", jm_json_text(columns[2].bytes), "module", "system", "function",
                  jm_json_text(columns[3].bytes), "line", 0);
    if (line == NULL || json_object_update(line, own) < 0) {
        json_decref(line);
        return own;
    }
    json_decref(own);
    return line;
}

static jm_status take_line(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    return json_array_append_new(user, line_json(columns)) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status log_lines_read(const struct system_core *core, jm_span category, jm_span level,
                         int64_t count, json_t **lines_out)
{
    const jm_value args[] = {JM_TEXT(category), jm_value_text(level), JM_INT(count)};
    *lines_out = json_array();
    jm_status status = system_exec(
        core,
        "SELECT at_ms, level, logger, function, message, fields FROM (SELECT * FROM system_log"
        " WHERE category = ?1 AND (?2 IS NULL OR level = upper(?2)) ORDER BY id DESC LIMIT ?3)"
        " ORDER BY id",
        args, JM_COUNT(args), take_line, *lines_out);
    if (status < 0) {
        json_decref(*lines_out);
        *lines_out = NULL;
    }
    return status;
}

struct description {
    json_t *levels;
    int64_t entries, bytes, oldest_ms, newest_ms;
};

static jm_status take_level(void *user, const jm_value *columns, size_t count)
{
    struct description *description = user;
    (void)count;
    description->entries += columns[1].integer;
    description->bytes += columns[2].integer;
    if (description->oldest_ms == 0 || columns[3].integer < description->oldest_ms)
        description->oldest_ms = columns[3].integer;
    if (columns[4].integer > description->newest_ms)
        description->newest_ms = columns[4].integer;
    json_object_setn_new(description->levels, columns[0].bytes.ptr, columns[0].bytes.len,
                         json_integer(columns[1].integer));
    return JM_OK;
}

static json_t *time_json(int64_t at_ms)
{
    char at[JM_UTC_BYTES];
    if (at_ms == 0)
        return json_null();
    jm_utc_format(at_ms, at);
    return json_string(at);
}

jm_status log_lines_describe(const struct system_core *core, const char *category,
                             json_t **description_out)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(category))};
    struct description description = {.levels = json_object()};
    jm_status status = system_exec(
        core,
        "SELECT level, count(*), sum(length(message) + length(fields)), min(at_ms), max(at_ms)"
        " FROM system_log WHERE category = ?1 GROUP BY level",
        args, JM_COUNT(args), take_level, &description);
    *description_out = json_pack(
        "{s:I, s:I, s:O, s:o, s:o}", "entries", (json_int_t)description.entries, "size_bytes",
        (json_int_t)description.bytes, "levels", description.levels, "oldest",
        time_json(description.oldest_ms), "newest", time_json(description.newest_ms));
    json_decref(description.levels);
    return status;
}

jm_status log_lines_clear(const struct system_core *core, jm_span category)
{
    const jm_value args[] = {jm_value_text(category)};
    return system_exec(core, "DELETE FROM system_log WHERE ?1 IS NULL OR category = ?1", args,
                       JM_COUNT(args), NULL, NULL);
}
