/* A manifest that anybody may have written. */
#include "host/plugin/manifest.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct jmh_manifest manifest = {0};
    struct jmh_err err = {0};
    jm_span text = {(const char *)data, size};
    jm_status status = jmh_manifest_parse(&manifest, text, "fuzz.json", &err);
    if (status == JM_OK) {
        jmh_manifest_fini(&manifest);
    } else if (err.text[0] == '\0') {
        abort(); /* a refusal says why */
    }
    return 0;
}
