/* The files of a photograph: rows of catalog_files. */
#include "photos.h"
#include "rows.h"

static const char hash_digits[] = "0123456789abcdef";

/* The members of `file`, in the order of the columns. */
static jm_status read_file(const struct catalog *catalog, const json_t *file, jm_value args[4])
{
    const char *role = json_string_value(json_object_get(file, "role"));
    const json_t *path = json_object_get(file, "path");
    const json_t *bytes = json_object_get(file, "bytes");
    const char *hash = json_string_value(json_object_get(file, "content_hash"));
    if (role == NULL)
        return catalog_fail(catalog, JM_EINVAL, "role of a file must be a text");
    if (json_string_length(path) == 0)
        return catalog_fail(catalog, JM_EINVAL, "path of a file must be a text that is not empty");
    if (!json_is_integer(bytes) || json_integer_value(bytes) < 0)
        return catalog_fail(catalog, JM_EINVAL, "bytes of a file must be an integer from 0");
    if (hash == NULL || strlen(hash) != 64 || strspn(hash, hash_digits) != 64)
        return catalog_fail(catalog, JM_EINVAL,
                            "content_hash of a file must be 64 hex digits in lower case");
    args[0] = JM_TEXT(jm_span_of(role));
    args[1] = JM_TEXT(jm_span_of(json_string_value(path)));
    args[2] = JM_INT(json_integer_value(bytes));
    args[3] = JM_TEXT(jm_span_of(hash));
    return JM_OK;
}

jm_status catalog_photo_add_file(const struct catalog *catalog, int64_t photo, const json_t *file)
{
    jm_value args[5] = {JM_INT(photo)};
    json_t *json = NULL;
    jm_status status = read_file(catalog, file, args + 1);
    if (status == JM_OK)
        status = catalog_photo_get(catalog, photo, &json);
    json_decref(json);
    if (status < 0)
        return status;
    return catalog->store->exec(catalog->host,
                                "INSERT INTO catalog_files(photo_id, role, path, bytes,"
                                " content_hash) VALUES(?1, ?2, ?3, ?4, ?5)",
                                args, JM_COUNT(args), NULL, NULL, NULL);
}

static json_t *file_json(const jm_value *columns)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "role", catalog_rows_value(&columns[0]), "path",
                     catalog_rows_value(&columns[1]), "bytes", catalog_rows_value(&columns[2]),
                     "content_hash", catalog_rows_value(&columns[3]));
}

jm_status catalog_photo_files(const struct catalog *catalog, int64_t photo, json_t **files_out)
{
    jm_value args[] = {JM_INT(photo)};
    json_t *files = json_array();
    jm_status status = catalog_rows_append(
        catalog,
        "SELECT role, path, bytes, content_hash FROM catalog_files WHERE photo_id = ?1"
        " ORDER BY role <> 'original', path",
        args, 1, file_json, files);
    if (status < 0)
        json_decref(files);
    else
        *files_out = files;
    return status;
}
