/* The fields of a photograph: one table of their names, rules and uses.
 *
 * The columns of catalog_photos have the names of the fields. What may be given, what is shown and
 * how it is checked is all read from this table. */
#ifndef CATALOG_PHOTO_FIELDS_H
#define CATALOG_PHOTO_FIELDS_H

#include "page.h"
#include "rows.h"

enum catalog_kind {
    CATALOG_TEXT,   /* at most `max` bytes */
    CATALOG_INT,    /* from min to max */
    CATALOG_NUMBER, /* from min to max */
    CATALOG_BOOL,
    CATALOG_TIME,
    CATALOG_HASH,   /* 64 hex digits, kept in lower case */
    CATALOG_STATUS, /* of a photograph */
    CATALOG_ARRAY,  /* kept as JSON text */
    CATALOG_OBJECT  /* kept as JSON text */
};

#define CATALOG_SHOWN 1u     /* in PHOTO */
#define CATALOG_ADDED 2u     /* add_photo takes it */
#define CATALOG_REQUIRED 4u  /* add_photo needs it */
#define CATALOG_UPDATED 8u   /* update_photo takes it */
#define CATALOG_PATCHED 16u  /* PATCH /api/photos/{id} takes it */
#define CATALOG_NULLABLE 32u /* null clears it */

struct catalog_field {
    const char *name;
    enum catalog_kind kind;
    uint32_t uses;
    double min, max;
};

extern const struct catalog_field catalog_photo_fields[];
extern const size_t catalog_photo_field_count;

#define CATALOG_FIELDS_MAX 48

/* Values on their way into the store, and what some of them had to allocate. */
struct catalog_values {
    size_t count;
    jm_value values[CATALOG_FIELDS_MAX];
    char *owned[CATALOG_FIELDS_MAX];
};

void catalog_values_fini(struct catalog_values *values);
/* Append a value that owns nothing. */
void catalog_values_add(struct catalog_values *values, jm_value value);

/* Append the value of a field, checked; `json` may be NULL for an absent one, and is borrowed until
 * the values are used. JM_EINVAL: the sentence names the field and what is allowed. */
jm_status catalog_field_read(const struct catalog *catalog, const struct catalog_field *field,
                             const json_t *json, struct catalog_values *values);

/* The field of that name among those with one of `uses`, or NULL. */
const struct catalog_field *catalog_field_find(const char *name, uint32_t uses);

/* JM_EINVAL for the first key of `json` that is no field with one of `uses`. */
jm_status catalog_fields_check_names(const struct catalog *catalog, const json_t *json,
                                     uint32_t uses);

/* Append text to a statement. */
void catalog_sql_append(char sql[CATALOG_SQL_BYTES], const char *text);
/* Append the columns of PHOTO, with commas between. */
void catalog_photo_columns_append(char sql[CATALOG_SQL_BYTES]);
/* PHOTO of a row of these columns; NULL when out of memory. */
json_t *catalog_photo_row_json(const jm_value *columns);

#endif
