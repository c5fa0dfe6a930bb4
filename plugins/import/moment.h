/* The date and the time by which a photograph is filed and named. Pure. [any]
 *
 * It is the camera's own, where that can be true: not before 1970 and not more than a day (all time
 * zones are within it) in the future. Otherwise it is when the file was last changed, under the same
 * rule; otherwise now. The last two are in UTC. */
#ifndef IMPORT_MOMENT_H
#define IMPORT_MOMENT_H

#include <junmai/types.h>
#include <stdbool.h>

struct moment {
    char date[11];  /* "2024-07-19" */
    char clock[9];  /* "09:14:31" */
    char subsec[8]; /* "25", "" where it is not known */
    char offset[8]; /* "-07:00", "Z", "" where it is not known */
};

/* `date` and `clock` ("09:14:31.25-07:00", with or without what follows the seconds) are the camera's,
 * absent where it has none. False where there is a date that cannot be. */
bool moment_choose(jm_span date, jm_span clock, int64_t changed_ms, int64_t now_ms,
                   struct moment *moment_out);

#endif
