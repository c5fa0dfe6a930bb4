/* What the operator has configured. */
#ifndef EXPORT_OPTIONS_H
#define EXPORT_OPTIONS_H

#include "roots.h"

#include <junmai/types.h>

struct export_core;

struct export_options {
    struct export_roots roots;
    char *exports;      /* folder of relative destinations, absolute */
    char *preset_files; /* folder of preset files, absolute */
    int32_t jobs;       /* begun at once, those that wait for their siblings too */
    int32_t renders;    /* photographs that are rendered at once */
    uint32_t memory_mib;
    uint32_t wall_ms;
};

jm_status export_options_read(struct export_core *core);
void export_options_fini(struct export_options *options);

#endif
