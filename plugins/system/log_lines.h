/* The lines of the logs, in the store: three categories, each bounded. */
#ifndef SYSTEM_LOG_LINES_H
#define SYSTEM_LOG_LINES_H

#include "core.h"

struct log_line {
    const char *category; /* main, performance, errors */
    const char *level;    /* DEBUG, INFO, WARNING, ERROR, CRITICAL */
    const char *logger;
    const char *function;
    const char *message;
    int64_t at_ms;
};

/* The names of the categories; NULL ends them. */
extern const char *const log_categories[];

bool log_category_is_known(jm_span category);

/* 0 DEBUG to 4 CRITICAL, in any case; negative where the text is none of them. */
int log_level_rank(jm_span level);

/* The rank of the studio's log_level: what is below it is not kept. */
int log_lines_least(const struct system_core *core);

/* Add a line, unless it is below `least`. `fields_take` is an object, shown among the line's own
 * members. Call log_lines_trim() after the last of some. */
jm_status log_lines_add(const struct system_core *core, const struct log_line *line, int least,
                        json_t *fields_take);

/* Drop what is beyond the bound of each category. */
jm_status log_lines_trim(const struct system_core *core);

/* The newest `count` lines of a category, oldest first; `level` absent or NULL rows of any.
 * Returns JM_OK, JM_ENOMEM, or what the store said. */
jm_status log_lines_read(const struct system_core *core, jm_span category, jm_span level,
                         int64_t count, json_t **lines_out);

/* {"entries", "size_bytes", "levels": {level: n}, "oldest", "newest"} of a category; times are null
 * where there is no line. */
jm_status log_lines_describe(const struct system_core *core, const char *category,
                             json_t **description_out);

/* Remove the lines of a category; of all where it is absent. */
jm_status log_lines_clear(const struct system_core *core, jm_span category);

#endif
