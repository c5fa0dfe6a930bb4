/* The library: a folder of photographs, FOLDER/NAME, and the copies that become some. A backup is
 * a second one.
 *
 * A copy begins as ".junmai-ID.part" at the top of the library, under a shared lock, so that a sweep
 * can tell what a crash has left behind from what is still growing. It gets its final name by a rename
 * that replaces nothing. */
#ifndef IMPORT_LIBRARY_H
#define IMPORT_LIBRARY_H

#include "copy.h"
#include "naming.h"

#define PART_BYTES 40

/* One file on its way into the library. */
struct part {
    int library_fd;        /* the library's folder, -1 before */
    int fd;                /* the copy, read-only, -1 before */
    char name[PART_BYTES]; /* "" where there is no such file (any more) */
};

#define PART_NONE ((struct part){.library_fd = -1, .fd = -1})

/* Make the folder where it is missing and remove the parts that nobody holds. *swept_out is their
 * number. Returns 0 or errno. [loop & active] */
int library_prepare(const char *library, unsigned *swept_out);

/* The same with a folder that must be there already. */
int library_sweep(const char *library, unsigned *swept_out);

/* A new, empty part. Its descriptor for writing, which is the caller's, or -1 with errno. [worker] */
int part_new(struct part *part, const char *library);

/* Copy the source into a new part and, where `verify` says so, read it back from the disk. [worker] */
bool part_fill(struct part *part, const char *library, const struct source *source, bool verify,
               _Atomic uint64_t *copied, struct digests *digests_out, struct verdict *verdict);

/* Give the part its final name, library/folder/name. Returns 0, or errno: EEXIST when the name is
 * taken. [worker] */
int part_place(struct part *part, const char *folder, const char *name);

/* Whether library/folder/name holds the same bytes. [worker] */
bool part_equals(const struct part *part, const char *folder, const char *name);

/* Undo part_place(): the part has its first name again, or another of that kind. False where that
 * cannot be done. [worker] */
bool part_take_back(struct part *part, const char *folder, const char *name);

/* Take the name away again from a file that part_place() has put there. [any] */
void part_unplace(const struct part *part, const char *folder, const char *name);

/* Bring the entries of the folder and of those above it to the disk. Returns 0 or errno. [worker] */
int part_sync_folder(const struct part *part, const char *folder);

/* Remove the part, if it has not become a photograph, and close everything. */
void part_fini(struct part *part);

#endif
