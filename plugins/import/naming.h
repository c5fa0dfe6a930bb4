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
#define FOLDER_BYTES 1024

/* The file's own name out of its path, bytes that are not UTF-8 as %XX, at most NAME_MAX bytes. */
void name_from_path(const char *path, char name_out[NAME_BYTES]);

/* The name on the `number`th clash: "IMG_1.CR2", "IMG_2.CR2"; 0 is the name itself. */
void name_numbered(const char *name, unsigned number, char name_out[NAME_BYTES]);

/* What comes before the extension; the whole name where there is none. */
jm_span name_stem(const char *name);

/* stem + suffix + extension (with its dot), the stem cut where the whole would be too long. */
void name_join(jm_span stem, const char *suffix, const char *extension, char name_out[NAME_BYTES]);

#endif
