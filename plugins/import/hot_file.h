/* One file on its way, shared by hot_files.c (it settles) and hot_import.c (it is imported). */
#ifndef IMPORT_HOT_FILE_H
#define IMPORT_HOT_FILE_H

#include "hot_files.h"

#include <limits.h>

enum file_state { FILE_WAITING, FILE_LOOKING, FILE_READY, FILE_IMPORTING };

struct hot_file {
    struct hot_file *next;
    struct hot_files *files;
    char *path;
    struct hot_settle settle;
    enum file_state state;
    uint64_t ready_ms; /* since when it is FILE_READY */
    bool companion;    /* a photograph brings it along, or it follows one that is there */
    int64_t join;      /* the photograph that it follows; 0: none is known */
    bool network;
    bool touched;   /* while it was looked at or imported */
    bool added;     /* the ledger tells so, in a turn that may still be taken back */
    bool forgotten; /* is in no list any more */
};

static inline uint64_t hot_now(const struct hot_files *files)
{
    return files->core->clock->monotonic_ms(files->core->host);
}

/* NULL where it is not on its way. */
struct hot_file *hot_file_find(const struct hot_files *files, const char *path);

/* Whether the ledger knows the file as it is now. */
bool hot_file_has_ended(const struct hot_files *files, const char *path,
                        const struct hot_signature *signature);

/* It waits until settle.due_ms. */
void hot_file_wait(struct hot_file *file);

/* It is imported as soon as there is room. */
void hot_file_ready(struct hot_file *file);

/* It has come to its end, and leaves the list. */
void hot_file_end(struct hot_file *file);

void hot_file_free(struct hot_file *file);

/* Import what is ready, as many at once as may be. */
void hot_imports_begin(struct hot_files *files);

#endif
