/* The inside of one import, shared by the files of its steps. */
#ifndef IMPORT_STEPS_H
#define IMPORT_STEPS_H

#include "library.h"
#include "one_import.h"
#include "report.h"
#include "unit.h"

/* One file of the unit. */
struct member {
    enum file_role role;
    char *path;        /* where it really was, bytes */
    char *source_path; /* the same as text */
    struct stat info;
    struct digests digests;
    struct part part;
    char name[NAME_BYTES]; /* of the source, as text */
    char tail[NAME_BYTES]; /* of the name, behind the stem of the unit */

    char final_name[NAME_BYTES];
    char *final_path; /* library/folder/final_name */
    bool placed;      /* the file has got that name from this import */
    bool known;       /* in the catalog already: not placed, not added */

    bool made;             /* by this import: there is no source */
    bool stamped;          /* the library's copy says more than the source (stamp_step.c) */
    struct digests stored; /* of the library's copy, where it is stamped */
    off_t stored_bytes;

    char *backup_path;     /* NULL where there is none */
    struct verdict backup; /* why not */
    bool kept;             /* to be moved, but it could not be removed */
};

/* What the library has of it. */
static inline const struct digests *member_stored(const struct member *member)
{
    return member->stamped ? &member->stored : &member->digests;
}

static inline off_t member_bytes(const struct member *member)
{
    return member->stamped ? member->stored_bytes : member->info.st_size;
}

/* What READ has found out about one file. */
struct reading {
    json_t *fields; /* NULL where the file was refused: the verdict says why */
    struct verdict verdict;
};

struct one_import {
    struct one_import *next; /* in core->imports */
    struct import_core *core;
    import_added_fn added;
    import_done_fn done;
    void *user;
    char *path; /* as the client gave it */
    int64_t session;
    int64_t join; /* as requested */
    bool refuse_duplicates;
    bool pairs;
    enum import_mode mode;
    json_t *stamp; /* template of metadata; NULL: none */
    char import_id[REPORT_ID_BYTES];
    _Atomic uint64_t *copied;

    struct verdict verdict;
    struct member members[UNIT_FILES_MAX]; /* as in struct unit */
    size_t count;                          /* 0 before GATHER */
    size_t requested;
    char key[HASH_HEX_BYTES]; /* content that is claimed; "" before GATHER */
    bool waiting;             /* for another import of the same content */
    bool holds_claim;         /* others of the same content wait for this one */

    struct reading readings[2]; /* of the original, and of a rendition */
    json_t *fields;             /* of the photograph, for the catalog */

    int64_t attach_to;          /* the photograph that is there already; 0: it is new */
    char base_name[NAME_BYTES]; /* of the original in the library, before a clash */
    unsigned number;
    char folder[FOLDER_BYTES];
    int place_error;
    int sync_error;

    int64_t photo;
    bool duplicate;
};

/* [worker] */
jm_status import_run_gather(void *user);
/* Remove the files of this import from the library. [worker] */
jm_status import_run_unplace(void *user);

/* Each of these ends the callback that it is called from: its status is the callback's. [loop] */

/* READ: all files are copied, the content is claimed. */
jm_status import_read(struct one_import *import);

/* JOIN: the same for a sidecar or the like that comes alone, to the photograph `import->join`. */
jm_status import_join_companion(struct one_import *import);
bool import_is_companion(const struct one_import *import);

/* Whether photograph `photo` lies where further files can join it: in the library. */
bool import_can_join(const struct one_import *import, int64_t photo);
/* Whether the rendition of the pair is no photograph yet, or one that its original can join. */
bool import_rendition_fits(const struct one_import *import);
/* The photograph that the files which were read belong to; 0 where they are one of their own. */
int64_t import_find_whole(const struct one_import *import);
/* The files become those of photograph `photo`, but for what that has already. */
void import_attach(struct one_import *import, int64_t photo);

/* STAMP: the photograph is known to be whole, import->fields is set. */
jm_status import_stamp(struct one_import *import);

/* PLACE: the same, and the copies are what they shall be. */
jm_status import_place(struct one_import *import);

/* SETTLE: the photograph is in the catalog. */
jm_status import_settle(struct one_import *import);

/* The content is photograph `photo` already. Ends the import. */
jm_status import_end_as_duplicate(struct one_import *import, int64_t photo);

/* Ends the import with the catalog's answer `status`, for which there is nothing better to do. */
jm_status import_end_by_catalog(struct one_import *import, jm_status status);

/* The host takes no more work of this plugin. Ends the import. */
jm_status import_end_as_stopped(struct one_import *import);

/* Tell the outcome, let go of everything, wake who waits for the content. Frees `import`. */
jm_status import_end(struct one_import *import);

/* Claim other content instead, and wake who waited for the old one. */
void import_reclaim(struct one_import *import, const char *key);

/* What the catalog's answer `status` means to a client, into import->verdict. */
void import_judge_catalog(struct one_import *import, jm_status status);

/* Where photograph `photo` is, as text to free(): NULL where the catalog cannot say. */
char *import_photo_path(const struct one_import *import, int64_t photo);

void member_fini(struct member *member);

#endif
