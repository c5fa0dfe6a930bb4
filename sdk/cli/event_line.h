/* One event on one line, for people:
 *
 *   14:03:22.123 photos   photo_imported  photo_id=12 file_name="DSC00007.JPG" */
#ifndef JMC_EVENT_LINE_H
#define JMC_EVENT_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* With the time of this machine's zone, and with its line end. */
void jmc_event_line(FILE *out, const json_t *event, bool is_colourful);

#endif
