/* See atelier.h. */
#include "atelier.h"

#include "client/wait.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY_MS 20

void atelier_open(struct studio *studio_out)
{
    studio_open(studio_out, json_pack("{s:{s:{s:[s]}}}", "plugins", "queue", "concurrency", "64"),
                (const char *const[]){"--plugin-dir", BATCH_PLUGINS, NULL});
}

void atelier_fill(const struct studio *studio, int count)
{
    json_decref(ask(studio, 200, "POST", "/stock", json_pack("{s:i}", "count", count)));
}

json_t *atelier_order(const char *kind, int first, int last)
{
    json_t *ids = json_array();
    for (int id = first; id <= last; id++)
        json_array_append_new(ids, json_integer(id));
    return json_pack("{s:s, s:o}", "kind", kind, "photo_ids", ids);
}

char *atelier_start(const struct studio *studio, const char *kind, int first, int last)
{
    json_t *answer = ask(studio, 200, "POST", "/batch/start", atelier_order(kind, first, last));
    expect_int(answer, "photo_count", last - first + 1);
    expect_text(answer, "message", "Batch processing started");
    char *id = strdup(text_of(answer, "batch_id"));
    json_decref(answer);
    return id;
}

static json_t *call(const struct studio *studio, int status, const char *method, const char *id,
                    const char *what)
{
    char path[96];
    snprintf(path, sizeof path, "/batch/%s/%s", id, what);
    return ask(studio, status, method, path, NULL);
}

json_t *atelier_post(const struct studio *studio, int status, const char *id, const char *verb)
{
    return call(studio, status, "POST", id, verb);
}

json_t *atelier_status(const struct studio *studio, const char *id)
{
    return call(studio, 200, "GET", id, "status");
}

json_int_t atelier_count(const struct studio *studio, const char *id, const char *key)
{
    json_t *batch = atelier_status(studio, id);
    json_int_t count = int_of(batch, key);
    json_decref(batch);
    return count;
}

/* A moment between two looks; the deadline fails the test. */
static void pass(int64_t deadline_ms, const char *id, const char *what)
{
    if (jmt_clock_ms() > deadline_ms)
        fail_msg("%s: %s has not come", id, what);
    (void)poll(NULL, 0, LOOK_EVERY_MS);
}

void atelier_wait_status(const struct studio *studio, const char *id, const char *wanted)
{
    int64_t deadline_ms = jmt_deadline_after(ATELIER_MS);
    for (;;) {
        json_t *batch = atelier_status(studio, id);
        bool there = strcmp(text_of(batch, "status"), wanted) == 0;
        json_decref(batch);
        if (there)
            return;
        pass(deadline_ms, id, wanted);
    }
}

void atelier_wait_count(const struct studio *studio, const char *id, const char *key,
                        json_int_t least)
{
    int64_t deadline_ms = jmt_deadline_after(ATELIER_MS);
    while (atelier_count(studio, id, key) < least)
        pass(deadline_ms, id, key);
}

void atelier_finish_all(const struct studio *studio, const char *id)
{
    int64_t deadline_ms = jmt_deadline_after(ATELIER_MS);
    for (;;) {
        json_t *batch = atelier_status(studio, id);
        bool done = strcmp(text_of(batch, "status"), "running") != 0;
        json_decref(batch);
        if (done)
            return;
        json_t *answer = ask(studio, 200, "POST", "/stock/finish", NULL);
        bool waits = int_of(answer, "held") == 0;
        json_decref(answer);
        if (waits)
            pass(deadline_ms, id, "the end");
    }
}
