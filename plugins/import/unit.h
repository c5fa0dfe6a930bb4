/* The files that may belong to one photograph: of one folder and one stem.
 *
 * A raw file and a rendition of one stem are a pair only if their tags agree, which is found out
 * later (pair.h): until then the other one is a candidate. [worker] */
#ifndef IMPORT_UNIT_H
#define IMPORT_UNIT_H

#include "naming.h"

#define UNIT_FILES_MAX 8

enum file_role {
    ROLE_ORIGINAL,
    ROLE_RENDITION,
    ROLE_SIDECAR,
    ROLE_AUDIO,
    ROLE_VIDEO,
    ROLE_THUMBNAIL,
};

/* What the names of a unit's files have in common: the stem, that of "IMG.CR2.xmp" being "IMG".
 * [any] */
jm_span unit_stem(const char *name);

/* What a file of that name is beside a photograph; ROLE_ORIGINAL for what may be one itself. */
enum file_role role_of_name(const char *name);

/* As the catalog has it: "original", "rendition", … */
const char *role_name(enum file_role role);

struct unit_file {
    enum file_role role;
    char name[NAME_BYTES]; /* in the folder; bytes */
};

struct unit {
    size_t count;
    size_t requested;                       /* which of the files was asked for */
    struct unit_file files[UNIT_FILES_MAX]; /* the original first, then the rendition */
};

/* The unit of the file at `path`, which is without links. With `pairs`, a raw file and a rendition
 * of the same stem are looked for; of several the first by name. What cannot be listed is a unit of
 * one file. */
void unit_find(const char *path, bool pairs, struct unit *unit_out);

#endif
