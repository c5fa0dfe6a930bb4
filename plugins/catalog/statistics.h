/* What happened to photographs within a range of time, counted from the store. */
#ifndef CATALOG_STATISTICS_H
#define CATALOG_STATISTICS_H

#include "core.h"

#include <jansson.h>

/* From `from_ms` up to, but not with, `to_ms`: milliseconds since 1970 UTC. */
struct catalog_range {
    int64_t from_ms, to_ms;
};

struct catalog_figures {
    int64_t imported;
    int64_t processed; /* developed, or failed */
    int64_t approved;
    int64_t rejected;
    int64_t selected;    /* of the imported ones, those that have a preset */
    int64_t exported;    /* finished exports; 0 without the plugin export */
    double success_rate; /* of the imported ones, the share that is approved by now: 0 to 1 */
    double processing_s; /* mean time from processing to processed; 0 where none was measured */
    /* Means over the imported ones; 0 where none has the score. */
    double ai_score, focus_score, exposure_score, composition_score;
};

/* All functions [loop & active]; a json_t that is handed out belongs to the caller. */
jm_status catalog_figures_read(const struct catalog *catalog, struct catalog_range range,
                               struct catalog_figures *figures_out);

/* {preset: photographs} and {subject_type: photographs} of those imported in the range. */
jm_status catalog_figures_presets(const struct catalog *catalog, struct catalog_range range,
                                  json_t **usage_out);
jm_status catalog_figures_subjects(const struct catalog *catalog, struct catalog_range range,
                                   json_t **subjects_out);
/* [{preset_name, usage_count, approved_count}], most used first, of those imported in the range. */
jm_status catalog_figures_approvals(const struct catalog *catalog, struct catalog_range range,
                                    json_t **presets_out);

#endif
