/*
 * A studio with a hot folder: files are put into it, and what becomes of them is waited for.
 */
#ifndef HOTFOLDER_TESTS_HOTFOLDER_H
#define HOTFOLDER_TESTS_HOTFOLDER_H

#include "check.h"
#include "listen.h"
#include "photos.h"

#include "client/wait.h"

#include <stdlib.h>

#define HOT_SETTLE_MS 100
#define HOT_PATIENCE_MS 30000

struct hot_studio {
    struct studio studio;
    char *hot;     /* the folder; it is there, and not added yet */
    char *staging; /* on the same file system, also within the roots, not watched */
};

/* `more_take`: further options of import, or NULL. */
void hot_open(struct hot_studio *hot_out, json_t *more_take);
void hot_close(struct hot_studio *hot);

/* POST /hotfolder/add or remove, which must succeed; the answer is checked. */
void hot_add(const struct hot_studio *hot, const char *folder);
void hot_remove(const struct hot_studio *hot, const char *folder);

/* What /hotfolder/status says of a folder; a new reference. Fails when it is not listed. */
json_t *hot_status(const struct hot_studio *hot, const char *folder);

/* Whether the deadline is still to come; waits a little: a status is no event, it is asked for
 * again. */
bool hot_again(int64_t deadline_ms);

/* Waits until the folder has so many files of that outcome ("imported", "failed", "pending"). */
void hot_wait_count(const struct hot_studio *hot, const char *key, json_int_t count);
/* Waits until the folder's text `key` contains `words`. */
void hot_wait_text(const struct hot_studio *hot, const char *key, const char *words);

/* Lets a further photograph go all the way, and waits for it: whatever came before has been looked at
 * since, and would have settled too. */
void hot_pass(const struct hot_studio *hot);

/* How many photographs the catalog has. */
json_int_t hot_total(const struct hot_studio *hot);

/* The photograph that came from that path: a new reference; fails unless there is exactly one. */
json_t *hot_photo_of(const struct hot_studio *hot, const char *path);

/* The integer that a statement with one argument finds in the database of the host, which does not
 * run. */
json_int_t hot_ask_database(const struct hot_studio *hot, const char *sql, json_int_t argument);

/* FOLDER/NAME made a folder; its path, to free(). */
char *hot_mkdir(const char *folder, const char *name);

/* Runs a program of /bin to its end, which must be 0. NULL-terminated. */
void hot_run(const char *const *argv);

#endif
