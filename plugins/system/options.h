/* The plugin's part of junmai.json. */
#ifndef SYSTEM_OPTIONS_H
#define SYSTEM_OPTIONS_H

#include <junmai/types.h>
#include <stddef.h>

struct system_core;

#define OPTIONS_PATHS_MAX 16

struct system_options {
    const char *disk_paths[OPTIONS_PATHS_MAX]; /* the data directory first */
    size_t disk_path_count;
    double disk_limit_percent;
    double disk_critical_percent;
    double warning_margin; /* how far below its limit a value ends its warning */
    int64_t log_max_rows;  /* of each category */
    int64_t performance_every_ms;
};

/* Declare the options and read them into core->options. [loop & loaded] */
jm_status options_read(struct system_core *core);

#endif
