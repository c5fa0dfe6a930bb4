/* The fields of a photograph: the table, and the checks and conversions that follow from it. */
#include "photo_fields.h"

#include "status.h"

#include <ctype.h>
#include <junmai/sdk/utc.h>

#define PATH_BYTES 12288 /* PATH_MAX with every byte escaped */
#define TEXT_BYTES 1024
#define ANY_NUMBER (-1e15), 1e15

#define GIVEN (CATALOG_SHOWN | CATALOG_ADDED | CATALOG_NULLABLE)
#define NEEDED (CATALOG_SHOWN | CATALOG_ADDED | CATALOG_REQUIRED)
#define SCORED (CATALOG_SHOWN | CATALOG_UPDATED | CATALOG_NULLABLE)
#define EDITED (CATALOG_SHOWN | CATALOG_UPDATED | CATALOG_PATCHED)

const struct catalog_field catalog_photo_fields[] = {
    {"id", CATALOG_INT, CATALOG_SHOWN, 0, 0},
    {"session_id", CATALOG_INT, GIVEN, 1, 9e15},
    {"file_path", CATALOG_TEXT, NEEDED, 1, PATH_BYTES},
    {"file_name", CATALOG_TEXT, NEEDED, 1, TEXT_BYTES},
    {"file_size", CATALOG_INT, NEEDED, 0, 9e15},
    {"import_time", CATALOG_TIME, CATALOG_SHOWN, 0, 0},
    {"camera_make", CATALOG_TEXT, GIVEN, 0, TEXT_BYTES},
    {"camera_model", CATALOG_TEXT, GIVEN, 0, TEXT_BYTES},
    {"lens", CATALOG_TEXT, GIVEN, 0, TEXT_BYTES},
    {"focal_length", CATALOG_NUMBER, GIVEN, 0, 1e6},
    {"aperture", CATALOG_NUMBER, GIVEN, 0, 1e6},
    {"shutter_speed", CATALOG_TEXT, GIVEN, 0, TEXT_BYTES},
    {"iso", CATALOG_INT, GIVEN, 0, 1e9},
    {"capture_time", CATALOG_TIME, GIVEN, 0, 0},
    {"ai_score", CATALOG_NUMBER, SCORED, 1, 5},
    {"focus_score", CATALOG_NUMBER, SCORED, ANY_NUMBER},
    {"exposure_score", CATALOG_NUMBER, SCORED, ANY_NUMBER},
    {"composition_score", CATALOG_NUMBER, SCORED, ANY_NUMBER},
    {"subject_type", CATALOG_TEXT, SCORED, 0, TEXT_BYTES},
    {"detected_faces", CATALOG_INT, CATALOG_SHOWN | CATALOG_UPDATED, 0, 1e6},
    {"context_tag", CATALOG_TEXT, EDITED | CATALOG_NULLABLE, 0, TEXT_BYTES},
    {"selected_preset", CATALOG_TEXT, EDITED | CATALOG_NULLABLE, 0, TEXT_BYTES},
    {"status", CATALOG_STATUS, EDITED, 0, 0},
    {"approved", CATALOG_BOOL, EDITED, 0, 0},
    {"approved_at", CATALOG_TIME, CATALOG_SHOWN, 0, 0},
    {"width", CATALOG_INT, GIVEN, 1, 1e6},
    {"height", CATALOG_INT, GIVEN, 1, 1e6},
    {"orientation", CATALOG_INT, GIVEN, 1, 8},
    {"gps_lat", CATALOG_NUMBER, GIVEN, -90, 90},
    {"gps_lon", CATALOG_NUMBER, GIVEN, -180, 180},
    {"rating", CATALOG_INT, GIVEN | CATALOG_UPDATED, -1, 5},
    {"content_hash", CATALOG_HASH, NEEDED, 0, 0},
    {"rejection_reason", CATALOG_TEXT, CATALOG_UPDATED | CATALOG_PATCHED | CATALOG_NULLABLE, 0,
     4096},
    {"warnings", CATALOG_ARRAY, CATALOG_ADDED | CATALOG_NULLABLE, 0, 0},
    {"metadata", CATALOG_OBJECT, CATALOG_ADDED | CATALOG_NULLABLE, 0, 0},
};
const size_t catalog_photo_field_count = JM_COUNT(catalog_photo_fields);

void catalog_values_fini(struct catalog_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        free(values->owned[i]);
    values->count = 0;
}

static void add_owned(struct catalog_values *values, jm_value value, char *owned_take)
{
    values->values[values->count] = value;
    values->owned[values->count] = owned_take;
    values->count++;
}

void catalog_values_add(struct catalog_values *values, jm_value value)
{
    add_owned(values, value, NULL);
}

static jm_status wrong(const struct catalog *catalog, const struct catalog_field *field,
                       const char *wanted)
{
    return catalog_fail(catalog, JM_EINVAL, "%s must be %s%s", field->name, wanted,
                        field->uses & CATALOG_NULLABLE ? " or null" : "");
}

static jm_status read_text(const struct catalog *catalog, const struct catalog_field *field,
                           const json_t *json, struct catalog_values *values)
{
    size_t length = json_string_length(json);
    char wanted[80];
    if (json_is_string(json) && (double)length >= field->min && (double)length <= field->max) {
        catalog_values_add(values, JM_TEXT(((jm_span){json_string_value(json), length})));
        return JM_OK;
    }
    snprintf(wanted, sizeof(wanted), "a text of %.0f to %.0f bytes", field->min, field->max);
    return wrong(catalog, field, wanted);
}

static jm_status read_number(const struct catalog *catalog, const struct catalog_field *field,
                             const json_t *json, struct catalog_values *values)
{
    bool whole = field->kind == CATALOG_INT;
    double number = json_number_value(json);
    char wanted[96];
    if ((whole ? json_is_integer(json) : json_is_number(json)) && number >= field->min &&
        number <= field->max) {
        catalog_values_add(values, json_is_integer(json) ? JM_INT(json_integer_value(json))
                                                         : JM_REAL(number));
        return JM_OK;
    }
    snprintf(wanted, sizeof(wanted), "%s from %.0f to %.0f", whole ? "an integer" : "a number",
             field->min, field->max);
    return wrong(catalog, field, wanted);
}

static jm_status read_time(const struct catalog *catalog, const struct catalog_field *field,
                           const json_t *json, struct catalog_values *values)
{
    jm_span text = {json_string_value(json), json_string_length(json)};
    int64_t utc_ms;
    if (text.ptr == NULL || !jm_utc_parse(text, &utc_ms))
        return wrong(catalog, field, "a time like \"2025-11-09T12:34:56.789Z\"");
    catalog_values_add(values, JM_INT(utc_ms));
    return JM_OK;
}

static jm_status read_hash(const struct catalog *catalog, const struct catalog_field *field,
                           const json_t *json, struct catalog_values *values)
{
    jm_span text = {json_string_value(json), json_string_length(json)};
    bool shaped = text.len == 64 && strspn(text.ptr, "0123456789abcdefABCDEF") == text.len;
    if (!shaped)
        return wrong(catalog, field, "the 64 hex digits of a SHA-256");
    char *lower = jm_span_dup(text);
    if (lower == NULL)
        return JM_ENOMEM;
    for (char *c = lower; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    add_owned(values, JM_TEXT(jm_span_of(lower)), lower);
    return JM_OK;
}

static jm_status read_json(const struct catalog *catalog, const struct catalog_field *field,
                           const json_t *json, struct catalog_values *values)
{
    bool wants_array = field->kind == CATALOG_ARRAY;
    if (wants_array ? !json_is_array(json) : !json_is_object(json))
        return wrong(catalog, field, wants_array ? "an array" : "an object");
    jm_span text = jm_json_dump(json);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    add_owned(values, JM_TEXT(text), (char *)text.ptr);
    return JM_OK;
}

static jm_status read_status(const struct catalog *catalog, const struct catalog_field *field,
                             const json_t *json, struct catalog_values *values)
{
    jm_span text = {json_string_value(json), json_string_length(json)};
    if (text.ptr == NULL)
        return wrong(catalog, field, "one of " CATALOG_PHOTO_STATUSES);
    jm_status status = catalog_status_check(catalog, text, CATALOG_PHOTO_STATUSES);
    if (status == JM_OK)
        catalog_values_add(values, JM_TEXT(text));
    return status;
}

jm_status catalog_field_read(const struct catalog *catalog, const struct catalog_field *field,
                             const json_t *json, struct catalog_values *values)
{
    if (json == NULL && (field->uses & CATALOG_REQUIRED))
        return catalog_fail(catalog, JM_EINVAL, "%s is required", field->name);
    if (json == NULL || (json_is_null(json) && (field->uses & CATALOG_NULLABLE))) {
        catalog_values_add(values, JM_NULL);
        return JM_OK;
    }
    switch (field->kind) {
    case CATALOG_TEXT:
        return read_text(catalog, field, json, values);
    case CATALOG_INT:
    case CATALOG_NUMBER:
        return read_number(catalog, field, json, values);
    case CATALOG_BOOL:
        if (!json_is_boolean(json))
            return wrong(catalog, field, "true or false");
        catalog_values_add(values, JM_INT(json_is_true(json)));
        return JM_OK;
    case CATALOG_TIME:
        return read_time(catalog, field, json, values);
    case CATALOG_HASH:
        return read_hash(catalog, field, json, values);
    case CATALOG_STATUS:
        return read_status(catalog, field, json, values);
    case CATALOG_ARRAY:
    case CATALOG_OBJECT:
        break;
    }
    return read_json(catalog, field, json, values);
}

const struct catalog_field *catalog_field_find(const char *name, uint32_t uses)
{
    for (size_t i = 0; i < catalog_photo_field_count; i++) {
        if ((catalog_photo_fields[i].uses & uses) &&
            strcmp(catalog_photo_fields[i].name, name) == 0)
            return &catalog_photo_fields[i];
    }
    return NULL;
}

jm_status catalog_fields_check_names(const struct catalog *catalog, const json_t *json,
                                     uint32_t uses)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)json, name, value)
    {
        if (catalog_field_find(name, uses) == NULL)
            return catalog_fail(catalog, JM_EINVAL, "%s is no field that can be given here", name);
    }
    return JM_OK;
}

void catalog_sql_append(char sql[CATALOG_SQL_BYTES], const char *text)
{
    size_t used = strlen(sql);
    snprintf(sql + used, CATALOG_SQL_BYTES - used, "%s", text);
}

void catalog_photo_columns_append(char sql[CATALOG_SQL_BYTES])
{
    const char *separator = "";
    for (size_t i = 0; i < catalog_photo_field_count; i++) {
        if (!(catalog_photo_fields[i].uses & CATALOG_SHOWN))
            continue;
        catalog_sql_append(sql, separator);
        catalog_sql_append(sql, catalog_photo_fields[i].name);
        separator = ", ";
    }
}

static json_t *column_json(enum catalog_kind kind, const jm_value *column)
{
    if (kind == CATALOG_BOOL)
        return json_boolean(column->integer != 0);
    return kind == CATALOG_TIME ? catalog_rows_time(column) : catalog_rows_value(column);
}

json_t *catalog_photo_row_json(const jm_value *columns)
{
    json_t *photo = json_object();
    size_t column = 0;
    for (size_t i = 0; i < catalog_photo_field_count; i++) {
        const struct catalog_field *field = &catalog_photo_fields[i];
        if (!(field->uses & CATALOG_SHOWN))
            continue;
        if (json_object_set_new(photo, field->name, column_json(field->kind, &columns[column])) <
            0) {
            json_decref(photo);
            return NULL;
        }
        column++;
    }
    return photo;
}
