/* The plugin's part of junmai.json. */
#ifndef IMPORT_OPTIONS_H
#define IMPORT_OPTIONS_H

#include "mode.h"
#include "roots.h"

#include <jansson.h>
#include <stdint.h>

struct import_core;

struct import_options {
    struct import_roots roots;
    const char *library; /* absolute */
    char *owned_library; /* the same, where it is not the configured text itself */
    const char *backup;  /* absolute, "" for none */
    enum import_mode mode;
    bool verify;
    bool pair_raw_jpeg;
    bool numbers; /* a template has {sequence} */
    const char *folder_template;
    const char *name_template;
    const char *text; /* what {text} is */
    json_t *stamp;    /* template of metadata (stamp.h); NULL: none */
    uint64_t max_file_bytes;
    uint32_t max_parallel;
    uint32_t metadata_wall_ms;
    uint32_t reports_keep_days; /* 0: for ever */
    uint32_t hot_settle_ms;
    uint32_t hot_companion_ms;
    uint32_t hot_rescan_s;
};

/* Declare the options and read them into core->options. [loop & loaded] */
jm_status options_read(struct import_core *core);

void options_fini(struct import_options *options);

#endif
