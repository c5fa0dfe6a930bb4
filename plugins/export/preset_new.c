/* A new preset out of what somebody sends. */
#include "presets.h"

enum export_verdict export_preset_new(const struct export_core *core, const json_t *given,
                                      json_t **preset_out, char reason_out[EXPORT_REASON_BYTES])
{
    const struct export_rules rules = export_rules_of(core);
    char missing[EXPORT_REASON_BYTES];
    char reason[EXPORT_REASON_BYTES];
    const char *unknown = export_preset_unknown(given);
    *preset_out = NULL;
    export_preset_missing(given, missing);
    if (missing[0] != '\0') {
        snprintf(reason_out, EXPORT_REASON_BYTES, "Missing required fields: %.400s", missing);
        return EXPORT_INVALID;
    }
    if (unknown != NULL) {
        snprintf(reason_out, EXPORT_REASON_BYTES, "Invalid preset data: there is no field %.100s",
                 unknown);
        return EXPORT_INVALID;
    }
    enum export_verdict verdict = export_preset_make(&rules, given, NULL, preset_out, reason);
    snprintf(reason_out, EXPORT_REASON_BYTES, "Invalid preset data: %.450s", reason);
    return verdict;
}
