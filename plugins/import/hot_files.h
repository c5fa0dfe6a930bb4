/* The files of hot folders that are on their way: they settle, are imported, and leave their outcome
 * in the ledger. Loop thread; files are looked at on the pool, many at a time. */
#ifndef IMPORT_HOT_FILES_H
#define IMPORT_HOT_FILES_H

#include "core.h"
#include "hot_ledger.h"

struct hot_file;
struct import_outcome;

/* What the files tell. [loop & active] */
struct hot_files_listener {
    /* A file has come to an end, after `before`. */
    void (*ended)(void *user, const char *path, enum hot_outcome before, enum hot_outcome now);
    /* What was told by ended() was taken back in part: count anew. */
    void (*recount)(void *user);
    /* The id of the report of an import that begins now (report.h), NULL: none. */
    const char *(*report)(void *user, const char *path);
    /* An import has ended, however it did. */
    void (*imported)(void *user, const char *path, const struct import_outcome *outcome);
    /* It could not be imported, be it tried again or not. */
    void (*failed)(void *user, const char *path, const char *why);
    /* Something is due at that time; call hot_files_tick() then. */
    void (*due)(void *user, uint64_t at_ms);
    /* Files were turned away for lack of room, which there is now: find them again. */
    void (*room)(void *user);
    void *user;
};

struct hot_files {
    struct import_core *core;
    struct hot_files_listener listener;
    struct hot_file *first, **last; /* in the order in which they came */
    void *by_path;                  /* tsearch(3) */
    size_t count, importing;
    struct hot_look *look; /* under way on the pool, NULL: none */
    bool turned_away;
};

void hot_files_init(struct hot_files *files, struct import_core *core,
                    const struct hot_files_listener *listener);

/* Forget the files below `folder` (NULL: all). What is being imported ends by itself. */
void hot_files_forget(struct hot_files *files, const char *folder);

/* Something has happened to the file, or it was found with `signature`. A file that ended like that
 * before is passed over. `network`: it needs longer to settle. */
void hot_files_touch(struct hot_files *files, const char *path,
                     const struct hot_signature *signature, bool network);

/* Look at what is due; tells when the next is. */
void hot_files_tick(struct hot_files *files);

/* How many files below `folder` are on their way. */
size_t hot_files_count(const struct hot_files *files, const char *folder);

#endif
