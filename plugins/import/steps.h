/* The inside of one import, shared by the files of its steps: one_import.c and place.c. */
#ifndef IMPORT_STEPS_H
#define IMPORT_STEPS_H

#include "library.h"
#include "one_import.h"

struct one_import {
    struct one_import *next; /* in core->imports */
    struct import_core *core;
    import_done_fn done;
    void *user;
    char *path; /* as the client gave it */
    int64_t session;
    bool refuse_duplicates;
    _Atomic uint64_t *copied;

    struct verdict verdict;
    char *source_path; /* where it really was, as text; NULL before COPY */
    int64_t size;
    char hash[HASH_HEX_BYTES]; /* "" before COPY */
    bool waiting;              /* for another import of the same content */
    bool holds_claim;          /* others of the same content wait for this one */

    struct part part;
    char name[NAME_BYTES];       /* of the source */
    char final_name[NAME_BYTES]; /* name, or with a number where that is taken */
    unsigned number;
    char folder[FOLDER_BYTES];
    char *final_path; /* library/folder/final_name */
    bool placed;      /* the file has got that name from this import */
    bool equal;       /* what COMPARE has found */

    json_t *fields; /* of the photograph, for the catalog */
    int64_t photo;
    bool duplicate;
};

/* Each of these ends the callback that it is called from: its status is the callback's. [loop] */

/* PLACE: the photograph is known to be whole, import->fields is set. */
jm_status import_place(struct one_import *import);

/* The content is photograph `photo` already. Ends the import. */
jm_status import_end_as_duplicate(struct one_import *import, int64_t photo);

/* Ends the import with the catalog's answer `status`, for which there is nothing better to do. */
jm_status import_end_by_catalog(struct one_import *import, jm_status status);

/* The host takes no more work of this plugin. Ends the import. */
jm_status import_end_as_stopped(struct one_import *import);

/* Tell the outcome, let go of everything, wake who waits for the content. Frees `import`. */
jm_status import_end(struct one_import *import);

/* What the catalog's answer `status` means to a client, into import->verdict. */
void import_judge_catalog(struct one_import *import, jm_status status);

#endif
