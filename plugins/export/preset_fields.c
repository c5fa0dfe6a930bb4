/* The table of fields, and the checks that follow from it. */
#include "preset_fields.h"

#include "template.h"

#include <junmai/sdk/json.h>

enum kind { KIND_TEXT, KIND_INT, KIND_BOOL, KIND_CHOICE };

struct field {
    const char *name;
    enum kind kind;
    bool required;
    int64_t min, max;    /* of integers; of texts the length in bytes */
    const char *choices; /* "a|b", a word per allowed text; of integers "8|16" */
    const char *preset;  /* the default as JSON */
};

static const struct field fields[] = {
    {"name", KIND_TEXT, true, 1, 128, NULL, "\"\""},
    {"enabled", KIND_BOOL, true, 0, 0, NULL, "true"},
    {"format", KIND_CHOICE, true, 0, 0, "JPEG|PNG|TIFF|WEBP|AVIF|JXL|DNG", "\"JPEG\""},
    {"quality", KIND_INT, true, 1, 100, NULL, "85"},
    {"max_dimension", KIND_INT, true, 512, 8192, NULL, "2048"},
    {"color_space", KIND_CHOICE, true, 0, 0, "sRGB|AdobeRGB|ProPhotoRGB|DisplayP3", "\"sRGB\""},
    {"destination", KIND_TEXT, true, 1, 4000, NULL, "\"\""},
    {"resize_mode", KIND_CHOICE, false, 0, 0, "long_edge|short_edge|width|height|fit",
     "\"long_edge\""},
    {"sharpen_for_screen", KIND_BOOL, false, 0, 0, NULL, "false"},
    {"sharpen_amount", KIND_INT, false, 0, 100, NULL, "0"},
    {"watermark_enabled", KIND_BOOL, false, 0, 0, NULL, "false"},
    {"watermark_text", KIND_TEXT, false, 0, 1000, NULL, "\"\""},
    {"metadata_include", KIND_BOOL, false, 0, 0, NULL, "true"},
    {"metadata_copyright", KIND_TEXT, false, 0, 1000, NULL, "\"\""},
    {"filename_template", KIND_TEXT, false, 1, 500, NULL, "\"{date}_{sequence}\""},
    {"sequence_start", KIND_INT, false, 0, 999999999, NULL, "1"},
    {"collision_policy", KIND_CHOICE, false, 0, 0, "rename|overwrite|skip", "\"rename\""},
    {"renderer", KIND_CHOICE, false, 0, 0, "local|remote", "\"local\""},
    {"metadata_policy", KIND_CHOICE, false, 0, 0, "all|copyright|none|no_gps", "\"all\""},
    {"metadata_contact", KIND_TEXT, false, 0, 1000, NULL, "\"\""},
    {"watermark_image", KIND_TEXT, false, 0, 4000, NULL, "\"\""},
    {"watermark_position", KIND_CHOICE, false, 0, 0,
     "top_left|top_center|top_right|center_left|center|center_right|bottom_left|bottom_center"
     "|bottom_right",
     "\"bottom_right\""},
    {"watermark_opacity", KIND_INT, false, 0, 100, NULL, "60"},
    {"watermark_size", KIND_INT, false, 0, 100, NULL, "0"},
    {"max_height", KIND_INT, false, 0, 8192, NULL, "0"},
    {"enlarge", KIND_BOOL, false, 0, 0, NULL, "false"},
    {"chroma", KIND_CHOICE, false, 0, 0, "auto|420|444", "\"auto\""},
    {"progressive", KIND_BOOL, false, 0, 0, NULL, "false"},
    {"bit_depth", KIND_INT, false, 8, 16, "8|16", "8"},
    {"compression", KIND_CHOICE, false, 0, 0, "none|lzw|deflate", "\"lzw\""},
    {"effort", KIND_INT, false, -1, 9, NULL, "-1"},
    {"raw_size", KIND_CHOICE, false, 0, 0, "auto|half|full", "\"auto\""},
    {"raw_highlights", KIND_CHOICE, false, 0, 0, "clip|blend|rebuild", "\"clip\""},
};

static const struct field *find_field(const char *name)
{
    for (size_t i = 0; i < JM_COUNT(fields); i++) {
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    }
    return NULL;
}

void export_preset_missing(const json_t *given, char missing_out[EXPORT_REASON_BYTES])
{
    size_t used = 0;
    missing_out[0] = '\0';
    for (size_t i = 0; i < JM_COUNT(fields); i++) {
        if (fields[i].required && json_object_get(given, fields[i].name) == NULL)
            used += (size_t)snprintf(missing_out + used, EXPORT_REASON_BYTES - used, "%s%s",
                                     used > 0 ? ", " : "", fields[i].name);
    }
}

const char *export_preset_unknown(const json_t *given)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)given, key, value)
    {
        bool is_stores = strcmp(key, "created_at") == 0 || strcmp(key, "updated_at") == 0 ||
                         strcmp(key, "revision") == 0;
        if (find_field(key) == NULL && !is_stores)
            return key;
    }
    return NULL;
}

/* Whether the text is one of "a|b|c". */
static bool is_choice(const char *choices, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = choices; len > 0 && at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, text, len) == 0 && (at[len] == '|' || at[len] == '\0'))
            return true;
    }
    return false;
}

/* "a, b or c" */
static void list_choices(const char *choices, char out[EXPORT_REASON_BYTES])
{
    size_t used = 0;
    for (const char *at = choices; *at != '\0';) {
        size_t len = strcspn(at, "|");
        bool is_last = at[len] == '\0';
        const char *before = at == choices ? "" : is_last ? " or " : ", ";
        used += (size_t)snprintf(out + used, EXPORT_REASON_BYTES - used, "%s%.*s", before, (int)len,
                                 at);
        at += len + !is_last;
    }
}

static bool is_legal(const struct field *field, const json_t *value)
{
    char digits[24];
    switch (field->kind) {
    case KIND_BOOL:
        return json_is_boolean(value);
    case KIND_CHOICE:
        return json_is_string(value) && is_choice(field->choices, json_string_value(value));
    case KIND_INT:
        if (!json_is_integer(value) || json_integer_value(value) < field->min ||
            json_integer_value(value) > field->max)
            return false;
        snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
        return field->choices == NULL || is_choice(field->choices, digits);
    case KIND_TEXT:
        break;
    }
    return json_is_string(value) && json_string_length(value) >= (size_t)field->min &&
           json_string_length(value) <= (size_t)field->max &&
           strlen(json_string_value(value)) == json_string_length(value);
}

static void say_what_is_allowed(const struct field *field, const json_t *value, char *reason_out)
{
    char allowed[EXPORT_REASON_BYTES];
    switch (field->kind) {
    case KIND_BOOL:
        snprintf(allowed, sizeof allowed, "true or false");
        break;
    case KIND_INT:
        snprintf(allowed, sizeof allowed, "an integer from %lld to %lld", (long long)field->min,
                 (long long)field->max);
        break;
    case KIND_TEXT:
        snprintf(allowed, sizeof allowed, "a text of %lld to %lld bytes", (long long)field->min,
                 (long long)field->max);
        break;
    case KIND_CHOICE:
        break;
    }
    if (field->choices != NULL)
        list_choices(field->choices, allowed);
    jm_span text = jm_json_dump(value);
    jm_span shown = jm_span_cut(text, 80);
    snprintf(reason_out, EXPORT_REASON_BYTES, "%s must be %.300s, not %.*s", field->name, allowed,
             JM_SPAN_ARGS(shown));
    free((char *)text.ptr);
}

static bool read_fields(const json_t *given, json_t *preset, char reason_out[EXPORT_REASON_BYTES])
{
    for (size_t i = 0; i < JM_COUNT(fields); i++) {
        json_t *value = json_object_get(given, fields[i].name);
        if (value == NULL)
            continue;
        if (!is_legal(&fields[i], value)) {
            say_what_is_allowed(&fields[i], value, reason_out);
            return false;
        }
        json_object_set(preset, fields[i].name, value);
    }
    return true;
}

/* metadata_include is the first implementation's word for what metadata_policy says better. */
static void agree_on_metadata(const json_t *given, json_t *preset)
{
    bool includes = export_preset_flag(preset, "metadata_include");
    bool says_policy = json_object_get(given, "metadata_policy") != NULL;
    bool is_none = strcmp(export_preset_text(preset, "metadata_policy"), "none") == 0;
    if (says_policy)
        json_object_set_new(preset, "metadata_include", json_boolean(!is_none));
    else if (includes == is_none)
        json_object_set_new(preset, "metadata_policy", json_string(includes ? "all" : "none"));
}

static bool check_names(const json_t *preset, char reason_out[EXPORT_REASON_BYTES])
{
    static const char *const templates[] = {"filename_template", "watermark_text",
                                            "metadata_copyright", "metadata_contact"};
    const char *bad;
    if (strchr(export_preset_text(preset, "name"), '/') != NULL) {
        snprintf(reason_out, EXPORT_REASON_BYTES, "name must be a text without \"/\"");
        return false;
    }
    for (size_t i = 0; i < JM_COUNT(templates); i++) {
        if (!export_template_check(export_preset_text(preset, templates[i]), &bad)) {
            jm_span shown = jm_span_cut(jm_span_of(bad), 40);
            snprintf(reason_out, EXPORT_REASON_BYTES,
                     "%s: \"%.*s\" is no variable; there are " EXPORT_VARIABLES, templates[i],
                     JM_SPAN_ARGS(shown));
            return false;
        }
    }
    return true;
}

static bool check_path(const struct export_rules *rules, const json_t *preset, const char *field,
                       char reason_out[EXPORT_REASON_BYTES])
{
    char path[PATH_MAX];
    const char *text = export_preset_text(preset, field);
    if (text[0] == '\0' || (export_roots_absolute(text, rules->exports, path) &&
                            export_roots_cover(rules->roots, path)))
        return true;
    snprintf(reason_out, EXPORT_REASON_BYTES,
             "%s: %.300s lies outside of the folders that exports may use (option roots)", field,
             text);
    return false;
}

static enum export_verdict judge(const struct export_rules *rules, const json_t *preset,
                                 char reason_out[EXPORT_REASON_BYTES])
{
    const char *format = export_preset_text(preset, "format");
    if (!check_names(preset, reason_out))
        return EXPORT_INVALID;
    if (strcmp(export_preset_text(preset, "renderer"), "local") == 0 &&
        !export_format_is_present(rules->formats, format)) {
        snprintf(reason_out, EXPORT_REASON_BYTES,
                 "format: this host cannot write %s, because its libvips was built without it; "
                 "choose another one, or renderer remote",
                 format);
        return EXPORT_INVALID;
    }
    bool is_inside = check_path(rules, preset, "destination", reason_out) &&
                     check_path(rules, preset, "watermark_image", reason_out);
    return is_inside ? EXPORT_VALID : EXPORT_OUTSIDE;
}

static json_t *defaults(void)
{
    json_t *preset = json_object();
    for (size_t i = 0; i < JM_COUNT(fields); i++)
        json_object_set_new(preset, fields[i].name,
                            json_loads(fields[i].preset, JSON_DECODE_ANY, NULL));
    return preset;
}

enum export_verdict export_preset_make(const struct export_rules *rules, const json_t *given,
                                       const json_t *base, json_t **preset_out,
                                       char reason_out[EXPORT_REASON_BYTES])
{
    json_t *preset = defaults();
    enum export_verdict verdict = EXPORT_INVALID;
    *preset_out = NULL;
    if (base != NULL)
        json_object_update_existing(preset, (json_t *)base);
    if (read_fields(given, preset, reason_out)) {
        agree_on_metadata(given, preset);
        verdict = judge(rules, preset, reason_out);
    }
    if (verdict == EXPORT_VALID)
        *preset_out = json_incref(preset);
    json_decref(preset);
    return verdict;
}

bool export_preset_equal(const json_t *a, const json_t *b)
{
    bool equal = true;
    for (size_t i = 0; i < JM_COUNT(fields); i++)
        equal &=
            json_equal(json_object_get(a, fields[i].name), json_object_get(b, fields[i].name)) != 0;
    return equal;
}

const char *export_preset_text(const json_t *preset, const char *field)
{
    const char *text = json_string_value(json_object_get(preset, field));
    return text == NULL ? "" : text;
}

int64_t export_preset_int(const json_t *preset, const char *field)
{
    return json_integer_value(json_object_get(preset, field));
}

bool export_preset_flag(const json_t *preset, const char *field)
{
    return json_is_true(json_object_get(preset, field));
}
