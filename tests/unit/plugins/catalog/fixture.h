/* A fake host with the plugin catalog, and short ways to fill it. */
#ifndef CATALOG_FIXTURE_H
#define CATALOG_FIXTURE_H

#include <catalog/catalog.h>
#include <fakehost.h>
#include <junmai/sdk/span.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
    struct fakehost *host;
    const catalog_service *service;
    void *catalog; /* the service's first argument */
};

/* cmocka's setup and teardown; *state is the fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Make a session through its route; its id. */
int64_t fixture_session(struct fixture *fixture, const char *name);
/* Add photograph number `n` through the service; its id. `session` 0: none. */
int64_t fixture_photo(struct fixture *fixture, int64_t session, int n);
/* The JSON of add_photo for number `n`, with more fields ("\"iso\": 100, ") in front; static. */
const char *fixture_photo_json(int n, const char *more);

/* Call the service within a call of the host. */
jm_status fixture_add(struct fixture *fixture, const char *json, int64_t *photo_out);
jm_status fixture_update(struct fixture *fixture, int64_t photo, const char *json);

/* Send a request and expect its HTTP status; the answer. The target is a printf format. */
__attribute__((format(printf, 5, 6))) const json_t *fixture_request(struct fixture *fixture,
                                                                    int expected,
                                                                    const char *method,
                                                                    const char *body,
                                                                    const char *target, ...);

/* A key of an object: its text, its integer, or whether it is null. Absent keys fail the test. */
const char *fixture_text(const json_t *object, const char *key);
int64_t fixture_int(const json_t *object, const char *key);
const json_t *fixture_value(const json_t *object, const char *key);

/* Expect the document to be equal to this JSON text. */
void fixture_expect(const json_t *document, const char *json);
/* Expect an answer {"error": …} whose sentence holds the text. */
void fixture_expect_error(const json_t *answer, const char *text);

#endif
