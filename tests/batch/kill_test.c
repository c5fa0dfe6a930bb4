/* A host that is killed in the middle comes back with its batches where they were: a paused one stays
 * paused, a running one goes on by itself, each job is completed once and each batch's end told once. */
#include "atelier.h"

#include "dice.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHOTOS 600

/* How often this status of that batch was told, seen by a client that resumes at the cursor. */
static int times_told(const struct studio *studio, const char *id, const char *what,
                      const json_t *cursor)
{
    static int calls;
    char mark[32];
    struct jmt_ws ws;
    json_t *confirmation = NULL;
    json_t *event = NULL;
    int times = 0;
    snprintf(mark, sizeof mark, "replay_ends_%d", calls++);
    must(jmt_ws_open(&ws, studio->host.port, NULL));
    must(jmt_ws_subscribe_with(
        &ws,
        json_pack("{s:s, s:[s], s:O}", "type", "subscribe", "channels", "system", "cursor", cursor),
        &confirmation));
    json_decref(confirmation);
    /* What is behind the replay is told by a broadcast of our own. */
    ask_broadcast(studio, "system", mark, json_object(), false);
    for (;;) {
        must(jmt_ws_receive_json(&ws, &event, ATELIER_MS));
        const char *type = json_string_value(json_object_get(event, "type"));
        if (strcmp(type, mark) == 0)
            break;
        times += strcmp(type, "system_status") == 0 &&
                 strcmp(text_of(event, "status"), what) == 0 &&
                 strcmp(text_of(object_of(event, "details"), "batch_id"), id) == 0;
        json_decref(event);
    }
    json_decref(event);
    jmt_ws_fini(&ws);
    return times;
}

static json_t *now_cursor(const struct studio *studio)
{
    struct jmt_ws ws;
    json_t *welcome = NULL;
    must(jmt_ws_open(&ws, studio->host.port, NULL));
    must(jmt_ws_wait(&ws, "connection_established", &welcome, NULL, ATELIER_MS));
    json_t *cursor = json_incref(json_object_get(welcome, "cursor"));
    json_decref(welcome);
    jmt_ws_fini(&ws);
    return cursor;
}

/* Anywhere between the start and the end of both batches. */
static void kill_soon(struct studio *studio, struct dice *dice)
{
    (void)poll(NULL, 0, (int)dice_roll(dice, 400));
    jmt_host_kill(&studio->host);
    must(jmt_host_restart(&studio->host));
}

static void one_round(struct studio *studio, struct dice *dice)
{
    json_t *cursor = now_cursor(studio);
    char *paused = atelier_start(studio, "slow", 1, 50);
    json_decref(atelier_post(studio, 200, paused, "pause"));
    char *running = atelier_start(studio, "develop", 1, PHOTOS);
    kill_soon(studio, dice);

    json_t *batch = atelier_status(studio, paused);
    expect_text(batch, "status", "paused");
    expect_int(batch, "total_photos", 50);
    expect_int(batch, "processed_count", 0);
    json_decref(batch);
    kill_soon(studio, dice);
    atelier_wait_status(studio, running, "completed");
    batch = atelier_status(studio, running);
    expect_int(batch, "processed_count", PHOTOS);
    expect_int(batch, "failed_count", 0);
    json_decref(batch);
    batch = atelier_status(studio, paused);
    expect_text(batch, "status", "paused");
    json_decref(batch);
    assert_int_equal(times_told(studio, running, "batch_completed", cursor), 1);
    json_decref(atelier_post(studio, 200, paused, "cancel"));
    assert_int_equal(times_told(studio, paused, "batch_cancelled", cursor), 1);
    json_decref(cursor);
    free(paused);
    free(running);
}

static void test_batches_survive_kills(void **state)
{
    struct studio studio;
    struct dice dice;
    int rounds = studio_rounds(3, 30);
    (void)state;
    dice_init(&dice, "batch_kill");
    atelier_open(&studio);
    atelier_fill(&studio, PHOTOS);
    for (int i = 0; i < rounds; i++)
        one_round(&studio, &dice);
    studio_close(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_batches_survive_kills)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
