/*
 * Asking a host over HTTP, and reading what it says. Each of these fails the test when the answer
 * is not what it must be.
 */
#ifndef HOST_TESTS_ASK_H
#define HOST_TESTS_ASK_H

#include "studio.h"

#include "client/http.h"

/* An exchange whose answer is JSON, with that status. The answer is the caller's. */
json_t *ask(const struct studio *studio, int status, const char *method, const char *path,
            json_t *body_take);

/* The same with a body as text (NULL: none) and a Content-Type (NULL: none). */
json_t *ask_text(const struct studio *studio, int status, const char *method, const char *path,
                 const char *content_type, const char *body);

/* An exchange that must fail with that status, and whose "error" must contain `words`. */
void ask_refused(const struct studio *studio, int status, const char *method, const char *path,
                 json_t *body_take, const char *words);

/* Any exchange; status and headers are the caller's to judge. Ended by jmt_response_fini(). */
void ask_raw(const struct studio *studio, const struct jmt_request *request,
             struct jmt_response *response_out);

/* POST /websocket/broadcast; `channel` NULL is everyone. */
void ask_broadcast(const struct studio *studio, const char *channel, const char *type,
                   json_t *data_take, bool durable);

/* Members of an object that must be there, with that type. */
const char *text_of(const json_t *object, const char *key);
json_int_t int_of(const json_t *object, const char *key);
double number_of(const json_t *object, const char *key);
json_t *list_of(const json_t *object, const char *key);
json_t *object_of(const json_t *object, const char *key);
bool bool_of(const json_t *object, const char *key);

void expect_text(const json_t *object, const char *key, const char *wanted);
void expect_int(const json_t *object, const char *key, json_int_t wanted);
void expect_null(const json_t *object, const char *key);

/* A time as this product writes it: 2025-11-09T12:34:56.789Z. */
void expect_time(const json_t *object, const char *key);

#endif
