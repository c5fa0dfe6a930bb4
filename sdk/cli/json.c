/* Short forms for JSON documents; see json.h. */
#include "json.h"

#include <stdio.h>

const char *jmc_json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

long long jmc_json_int(const json_t *object, const char *key)
{
    return (long long)json_number_value(json_object_get(object, key));
}

void jmc_json_print(json_t *document_take)
{
    (void)json_dumpf(document_take, stdout, JSON_INDENT(2));
    (void)putchar('\n');
    json_decref(document_take);
}
