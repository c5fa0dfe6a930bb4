/* When a photograph was taken. Worker process only.
 *
 * A camera writes the time of the clock on its wall; only newer ones say in which zone that is. With
 * a zone the result is UTC, "2024-07-19T16:14:31.000Z"; without one it stays what the camera wrote,
 * "2013-03-05T17:29:26.750" or, where no fraction is known, "2013-03-05T17:29:26". */
#ifndef IMPORT_TASK_CAPTURE_TIME_H
#define IMPORT_TASK_CAPTURE_TIME_H

#include "task/structure.h"

#include <gexiv2/gexiv2.h>

struct capture_time {
    char time[32];  /* as above */
    char date[11];  /* the day on the camera's own calendar, whatever the zone: "2024-07-19" */
    char clock[24]; /* the time on its clock, with what is known of fraction and zone:
                       "09:14:31.25-07:00" */
};

/* Put one date into the form above. `text` is EXIF's "2013:03:05 17:29:26" or ISO 8601, whole or cut
 * behind the day or the minute; `fraction` ("75") and `zone` ("+09:00") may be NULL and count where
 * `text` has none. False where it is no date. */
bool capture_time_format(const char *text, const char *fraction, const char *zone,
                         struct capture_time *time_out);

/* The capture time from the best source that has one; false where there is none. A date that is
 * there but is none is noted in `warnings`. */
bool capture_time_read(GExiv2Metadata *metadata, struct capture_time *time_out, uint32_t *warnings);

#endif
