/* See desk.h. */
#include "desk.h"

#include <stdio.h>

void desk_open(struct studio *studio_out, const char *plugins)
{
    studio_open(studio_out, NULL,
                (const char *const[]){"--plugin-dir", APPROVAL_PLUGINS, "--enable", plugins, NULL});
}

/* The last photograph that there is. */
static json_int_t last_photo(const struct studio *studio)
{
    json_t *answer = ask(studio, 200, "GET", "/api/photos?sort=id&limit=1", NULL);
    json_int_t id = int_of(json_array_get(list_of(answer, "photos"), 0), "id");
    json_decref(answer);
    return id;
}

json_int_t desk_photos(const struct studio *studio, int count, json_int_t session)
{
    char path[64];
    json_t *order = json_pack("{s:i}", "count", count);
    if (session != 0)
        json_object_set_new(order, "session_id", json_integer(session));
    json_decref(ask(studio, 200, "POST", "/stock", order));
    json_int_t first = last_photo(studio) - count + 1;
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "/api/photos/%lld", (long long)(first + i));
        json_decref(ask(studio, 200, "PATCH", path, json_pack("{s:s}", "status", "completed")));
    }
    return first;
}

json_int_t desk_photo(const struct studio *studio, json_int_t session)
{
    return desk_photos(studio, 1, session);
}

void desk_score(const struct studio *studio, json_int_t photo, double score)
{
    char path[256];
    json_decref(ask(studio, 200, "POST", "/queue/submit",
                    json_pack("{s:I, s:s}", "photo_id", photo, "kind", "analyze")));
    json_t *answer =
        ask(studio, 200, "POST", "/queue/lease",
            json_pack("{s:s, s:s, s:i}", "kind", "analyze", "holder", "test", "wait", 10));
    json_t *job = object_of(answer, "job");
    assert_int_equal(int_of(job, "photo_id"), photo);
    snprintf(path, sizeof path, "/queue/lease/%s/complete", text_of(job, "lease"));
    json_decref(answer);
    json_decref(
        ask(studio, 200, "POST", path, json_pack("{s:{s:f}}", "result", "ai_score", score)));
}

json_int_t desk_session(const struct studio *studio, const char *name)
{
    json_t *answer = ask(studio, 201, "POST", "/api/sessions",
                         json_pack("{s:s, s:s}", "name", name, "import_folder", studio->photos));
    json_int_t session = int_of(answer, "id");
    json_decref(answer);
    return session;
}

json_t *desk_post(const struct studio *studio, int status, const char *prefix, json_int_t photo,
                  const char *verb, json_t *body_take)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%lld/%s", prefix, (long long)photo, verb);
    return ask(studio, status, "POST", path, body_take);
}

json_t *desk_look(const struct studio *studio, json_int_t photo)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    return ask(studio, 200, "GET", path, NULL);
}

void desk_expect(const struct studio *studio, json_int_t photo, const char *status, bool approved,
                 const char *reason)
{
    json_t *now = desk_look(studio, photo);
    expect_text(now, "status", status);
    assert_int_equal(bool_of(now, "approved"), approved);
    if (approved)
        expect_time(now, "approved_at");
    else
        expect_null(now, "approved_at");
    if (reason != NULL)
        expect_text(now, "rejection_reason", reason);
    else
        expect_null(now, "rejection_reason");
    json_decref(now);
}

json_int_t desk_waiting(const struct studio *studio)
{
    json_t *answer = ask(studio, 200, "GET", "/photos/approval/queue?limit=0", NULL);
    json_int_t count = int_of(answer, "total_count");
    json_decref(answer);
    return count;
}

void desk_expect_queue(struct jmt_ws *ws, const struct studio *studio, json_int_t session)
{
    json_t *event = listen_event(ws, "approval_queue_updated", "approval");
    expect_int(event, "queue_count", desk_waiting(studio));
    if (session != 0)
        expect_int(event, "session_id", session);
    else
        assert_null(json_object_get(event, "session_id"));
    json_decref(event);
}
