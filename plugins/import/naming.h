/* Names in the library: what a photograph is called and in which folder it lies. Pure. [any]
 *
 * Every name in the library is UTF-8, whatever the source was called, so that a path in an event or
 * in the catalog can be opened as it stands. */
#ifndef IMPORT_NAMING_H
#define IMPORT_NAMING_H

#include <junmai/types.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define NAME_BYTES (NAME_MAX + 1)
#define FOLDER_BYTES 16 /* "2024/2024-07-19" */

/* The file's own name out of its path, bytes that are not UTF-8 as %XX, at most NAME_MAX bytes. */
void name_from_path(const char *path, char name_out[NAME_BYTES]);

/* The name on the `number`th clash: "IMG_1.CR2", "IMG_2.CR2"; 0 is the name itself. */
void name_numbered(const char *name, unsigned number, char name_out[NAME_BYTES]);

/* The folder of a day: "YYYY/YYYY-MM-DD" of `date`, which is "YYYY-MM-DD". False where the day is
 * absent, or one on which nobody took a digital photograph: before 1970, or more than a day (all
 * time zones are within it) after `now_ms`. folder_out is then the day of `now_ms`, in UTC. */
bool folder_of_day(jm_span date, int64_t now_ms, char folder_out[FOLDER_BYTES]);

#endif
