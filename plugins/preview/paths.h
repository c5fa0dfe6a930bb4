/* Where thumbnails lie below the folder of the cache: AB/ABCD…-EDGE.jpg, AB being the first two of
 * the hash's 64 hex digits. Unfinished ones lie beside those folders. [any] */
#ifndef PREVIEW_PATHS_H
#define PREVIEW_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#define HASH_BYTES 65 /* with the NUL */
#define SHARD_COUNT 256
#define SHARD_BYTES 3
#define NAME_BYTES 96 /* of every name and relative path here */
#define PART_SUFFIX ".new"

/* Whether the text is a hash, and thereby safe in a path. */
bool path_is_hash(const char *text);

/* "AB" */
void path_shard(unsigned number, char out[SHARD_BYTES]);
/* "AB/ABCD…-EDGE.jpg" */
void path_of_file(const char *hash, int edge, char out[NAME_BYTES]);
/* "ABCD…-EDGE.new" */
void path_of_part(const char *hash, int edge, char out[NAME_BYTES]);

/* Take the name of a finished file apart; false where it is none. */
bool path_parse_name(const char *name, char hash_out[HASH_BYTES], int *edge_out);

/* Whether it is the name of an unfinished file. */
bool path_is_part(const char *name);

#endif
