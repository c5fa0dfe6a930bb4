/* The plugin's part of junmai.json. */
#ifndef PREVIEW_OPTIONS_H
#define PREVIEW_OPTIONS_H

#include <junmai/types.h>

struct preview_core;

struct preview_options {
    int64_t cache_bytes;
    uint32_t background; /* tasks at the same time that nobody waits for; 0: none */
    uint32_t memory_mib; /* of one task, beside the file itself */
    uint32_t wall_ms;    /* of one task */
};

/* Declare the options and read them into core->options. [loop & loaded] */
jm_status options_read(struct preview_core *core);

#endif
