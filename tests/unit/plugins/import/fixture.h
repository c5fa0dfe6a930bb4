/* The plugins catalog and import, as they are built, in the fake host, over a temporary folder: what
 * is in "in" may be imported, "lib" is the library. */
#ifndef IMPORT_TESTS_FIXTURE_H
#define IMPORT_TESTS_FIXTURE_H

#include "fake_async.h"
#include "made_jpeg.h"
#include "scratch.h"

struct fixture {
    struct scratch scratch;
    struct fakehost *host;
};

int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* An option of import for the next fixture_set_up(): JSON, or a folder below the temporary one. */
void fixture_option(const char *name, const char *json);
void fixture_option_folder(const char *name, const char *folder);

/* A photograph in "in", taken on the day that the fake host's clock does not know as a future one. */
void fixture_photo(struct fixture *fixture, const char *name, unsigned char seed);

/* POST, then run everything; the HTTP status. `body` is a format of json_pack(). */
int fixture_post(struct fixture *fixture, const char *route, json_t *body_take);

/* POST /import/file of "in/NAME". */
int fixture_import(struct fixture *fixture, const char *name);

/* Members of the last answer. */
const char *fixture_text(struct fixture *fixture, const char *key);
int64_t fixture_int(struct fixture *fixture, const char *key);

#endif
