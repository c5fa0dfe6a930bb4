/*
 * What a library is judged by: the files that were to be imported, by the SHA-256 of their
 * content, and what a host has made of them.
 */
#ifndef IMPORT_TESTS_ORIGINALS_H
#define IMPORT_TESTS_ORIGINALS_H

#include "ask.h"

/* {relative path: digest} of all files below a folder. */
json_t *originals_read(const char *folder);

/* What the catalog says: {digest: times it is an original or a rendition}, and {path: digest} of
 * all files. Each is a new object. */
void originals_catalog(const struct studio *studio, json_t **contents_out, json_t **files_out);

/*
 * Nothing half done is in the library: each file of the catalog is what the catalog says, each
 * file of the library is an original, no content is two photographs, no part is left. And nothing
 * is lost: each original is still in `source`, or (only where `moved`) in the catalog.
 */
void originals_check(const struct studio *studio, const json_t *originals, const char *source,
                     bool moved);

#endif
