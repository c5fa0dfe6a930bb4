/* JSON without a tree: what the scanner accepts, jansson accepts, and the walk finds its way. */
#include "host/util/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct jmh_json_value value, int depth)
{
    struct jmh_json_walk at;
    struct jmh_json_member member;
    char text[64];
    int64_t number;
    (void)jmh_json_text(value, text, sizeof text);
    (void)jmh_json_int(value, &number);
    if (depth < JMH_JSON_DEPTH && jmh_json_begin(&at, value)) {
        while (jmh_json_next(&at, &member)) {
            (void)jmh_json_key_is(&member, "type");
            walk(member.value, depth + 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct jmh_json_value value;
    if (!jmh_json_parse((jm_span){(const char *)data, size}, &value)) {
        return 0;
    }
    json_error_t error;
    json_t *tree = json_loadb((const char *)data, size,
                              JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    if (tree == NULL && json_error_code(&error) != json_error_numeric_overflow) {
        abort();
    }
    json_decref(tree);
    walk(value, 0);
    return 0;
}
