/*
 * A studio with the plugin approval, and with the plugin "stock" of the batch tests, which makes
 * photographs without files and develops them at once. Each of these fails the test when an answer
 * is not what it must be.
 */
#ifndef APPROVAL_TESTS_DESK_H
#define APPROVAL_TESTS_DESK_H

#include "ask.h"
#include "check.h"
#include "listen.h"

/* How long something may take that takes a moment. */
#define DESK_MS 60000

#define DESK_PLUGINS "catalog,import,queue,system,stock,approval"

/* Starts it with these plugins ("catalog,import,approval"). */
void desk_open(struct studio *studio_out, const char *plugins);

/* A new photograph that waits for a decision; `session` 0: of no session. */
json_int_t desk_photo(const struct studio *studio, json_int_t session);
/* `count` of them, with ids in a row; the first one's. */
json_int_t desk_photos(const struct studio *studio, int count, json_int_t session);

/* Lets an `analyze` job give the photograph its ai_score. */
void desk_score(const struct studio *studio, json_int_t photo, double score);

json_int_t desk_session(const struct studio *studio, const char *name);

/* METHOD PREFIX/{id}/VERB; the answer. */
json_t *desk_post(const struct studio *studio, int status, const char *prefix, json_int_t photo,
                  const char *verb, json_t *body_take);

/* GET /api/photos/{id}. */
json_t *desk_look(const struct studio *studio, json_int_t photo);
/* The photograph is in that state: status, approved, rejection_reason (NULL: null). */
void desk_expect(const struct studio *studio, json_int_t photo, const char *status, bool approved,
                 const char *reason);

/* How many wait, by GET /photos/approval/queue. */
json_int_t desk_waiting(const struct studio *studio);

/* The next message is that event: approval_queue_updated with the true number, and the session (0:
 * none told). */
void desk_expect_queue(struct jmt_ws *ws, const struct studio *studio, json_int_t session);

#endif
