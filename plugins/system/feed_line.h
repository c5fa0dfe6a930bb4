/* An event as a line of the logs. */
#ifndef SYSTEM_FEED_LINE_H
#define SYSTEM_FEED_LINE_H

#include "core.h"

/* Write an event into `main`, and a failure into `errors` too; `least` as of log_lines_least(). */
jm_status feed_line_write(const struct system_core *core, const json_t *event, int least);

#endif
