/*
 * The host is killed at random moments of a stream of imports and of durable events. Afterwards
 * every change that was acknowledged is there with its event, no event is there without its change,
 * and nothing unfinished lies about.
 */
#include "check.h"
#include "dice.h"
#include "listen.h"
#include "photos.h"

#include "client/wait.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORTERS 3
#define RUN_MAX_MS 400
#define PHOTO_MAX_BYTES 200000
#define PARTS_MS 20000

/* One client that asks without a pause until the host has gone. */
struct writer {
    pthread_t thread;
    int number;
    int round;
    int sent;
    int acknowledged; /* the first so many */
    char *refusal;    /* an answer that was no success */
};

static struct studio studio;
static struct dice dice;
static _Atomic int answers; /* of this round */

static int open_studio(void **state)
{
    (void)state;
    dice_init(&dice, "kill_test");
    studio_open(&studio, NULL, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* A request that is sent again and again with another body; false when the host has gone. */
static bool exchange(struct writer *writer, struct jmt_http *http, const char *path,
                     const char *body)
{
    struct jmt_request request = {.method = "POST", .path = path, .body = body};
    struct jmt_response response;
    writer->sent++;
    if (jmt_http_exchange(http, &request, &response) < 0)
        return false;
    bool success = response.status == 200;
    if (success) {
        writer->acknowledged = writer->sent;
        atomic_fetch_add(&answers, 1);
    } else {
        writer->refusal = strdup(response.body);
    }
    jmt_response_fini(&response);
    return success;
}

static void photo_name(const struct writer *writer, int i, char name_out[64])
{
    snprintf(name_out, 64, "%d-%d-%d.jpg", writer->round, writer->number, i);
}

static void *import_photos(void *user)
{
    struct writer *writer = user;
    struct jmt_http http;
    bool goes_on = jmt_http_open(&http, studio.host.port) == 0;
    while (goes_on) {
        char name[64];
        char body[PATH_MAX + 64];
        photo_name(writer, writer->sent + 1, name);
        char *path = photo_write_sized(studio.photos, name, name,
                                       (size_t)(writer->sent * 7919) % PHOTO_MAX_BYTES);
        snprintf(body, sizeof body, "{\"file_path\":\"%s\"}", path);
        goes_on = exchange(writer, &http, "/import/file", body);
        free(path);
    }
    jmt_http_close(&http);
    return NULL;
}

/* Numbers that go on over the rounds, so that each is sent once. */
static void *broadcast(void *user)
{
    struct writer *writer = user;
    struct jmt_http http;
    bool goes_on = jmt_http_open(&http, studio.host.port) == 0;
    while (goes_on) {
        char body[160];
        snprintf(body, sizeof body,
                 "{\"type\":\"count\",\"channel\":\"jobs\",\"durable\":true,"
                 "\"data\":{\"round\":%d,\"n\":%d}}",
                 writer->round, writer->sent + 1);
        goes_on = exchange(writer, &http, "/websocket/broadcast", body);
    }
    jmt_http_close(&http);
    return NULL;
}

/* Resumes a channel behind a place; all that the host has of it, as an array. */
static json_t *replay(const char *channel, const json_t *since)
{
    struct jmt_ws ws;
    json_t *events = json_array();
    json_t *message;
    listen_open(&ws, &studio, NULL);
    must(jmt_ws_subscribe_with(&ws,
                               json_pack("{s:s, s:[s], s:O}", "type", "subscribe", "channels",
                                         channel, "since", json_object_get(since, "cursor")),
                               &message));
    assert_true(bool_of(message, "recovered"));
    json_decref(message);
    ask_broadcast(&studio, channel, "end_of_replay", json_object(), false);
    must(jmt_ws_wait(&ws, "end_of_replay", &message, events, LISTEN_MS));
    json_decref(message);
    jmt_ws_fini(&ws);
    return events;
}

/* Each acknowledged number once, none twice, at most one that was sent and not acknowledged. */
static void check_counts(const struct writer *writer, const json_t *since)
{
    json_t *events = replay("jobs", since);
    int next = 1;
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        if (strcmp(text_of(event, "type"), "count") != 0)
            continue;
        expect_int(event, "round", writer->round);
        expect_int(event, "n", next++);
    }
    if (next - 1 < writer->acknowledged || next - 1 > writer->sent)
        fail_msg("%d events were acknowledged, %d sent, and %d are there", writer->acknowledged,
                 writer->sent, next - 1);
    json_decref(events);
}

/* All photographs, by the name of their file. */
static json_t *all_photos(void)
{
    json_t *by_name = json_object();
    json_int_t offset = 0;
    json_int_t total;
    do {
        char path[96];
        size_t i;
        json_t *photo;
        snprintf(path, sizeof path, "/api/photos?limit=1000&offset=%lld", (long long)offset);
        json_t *answer = ask(&studio, 200, "GET", path, NULL);
        total = int_of(answer, "total");
        offset += int_of(answer, "count");
        json_array_foreach(list_of(answer, "photos"), i, photo)
            json_object_set(by_name, text_of(photo, "file_name"), photo);
        json_decref(answer);
    } while (offset < total);
    assert_int_equal(json_object_size(by_name), total);
    return by_name;
}

/* What was acknowledged is in the catalog, and its file is whole. */
static void check_imports(const struct writer *writer, const json_t *photos)
{
    for (int i = 1; i <= writer->acknowledged; i++) {
        char name[64];
        photo_name(writer, i, name);
        const json_t *photo = json_object_get(photos, name);
        if (!photo)
            fail_msg("the import of %s was acknowledged, and it is not there", name);
        char *source = studio_path(studio.photos, name);
        if (!photo_files_equal(source, text_of(photo, "file_path")))
            fail_msg("%s is not what was imported", text_of(photo, "file_path"));
        free(source);
    }
}

/* Every photograph has one event, and every event its photograph. */
static void check_events(const json_t *photos, const json_t *since)
{
    json_t *events = replay("photos", since);
    json_t *announced = json_object();
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        if (strcmp(text_of(event, "type"), "photo_imported") != 0)
            continue;
        const char *name = text_of(event, "file_name");
        const json_t *photo = json_object_get(photos, name);
        if (!photo || int_of(photo, "id") != int_of(event, "photo_id"))
            fail_msg("%s was announced, and it is not there", name);
        if (json_object_get(announced, name))
            fail_msg("%s was announced twice", name);
        json_object_set_new(announced, name, json_true());
    }
    if (json_object_size(announced) != json_object_size(photos))
        fail_msg("there are %zu photographs, and %zu were announced", json_object_size(photos),
                 json_object_size(announced));
    json_decref(announced);
    json_decref(events);
}

/* What was under way when the host died is imported again, and lies in the library once. */
static void check_retry(const struct writer *writer)
{
    for (int i = writer->acknowledged + 1; i <= writer->sent; i++) {
        char name[64];
        json_t *answer;
        photo_name(writer, i, name);
        char *path = studio_path(studio.photos, name);
        int status = jmt_http_json(studio.host.port, "POST", "/import/file",
                                   json_pack("{s:s}", "file_path", path), &answer);
        if (status != 200 && status != 409)
            fail_msg("importing %s again was answered with %d (%s)", name, status,
                     jmt_error_text());
        json_decref(answer);
        free(path);
    }
}

/* What is being made anew, after the restart, may have a part for a moment. */
static void await_no_parts(void)
{
    int64_t deadline_ms = jmt_deadline_after(PARTS_MS);
    while (photo_count_files(studio.host.data_dir, ".part") > 0) {
        if (jmt_clock_ms() >= deadline_ms)
            fail_msg("%d unfinished copies are left in the library",
                     photo_count_files(studio.host.data_dir, ".part"));
        poll(NULL, 0, 20);
    }
}

static void run_writers(struct writer *importers, struct writer *counter, int round)
{
    *counter = (struct writer){.round = round};
    atomic_store(&answers, 0);
    for (int i = 0; i < IMPORTERS; i++) {
        importers[i] = (struct writer){.round = round, .number = i};
        assert_int_equal(pthread_create(&importers[i].thread, NULL, import_photos, &importers[i]),
                         0);
    }
    assert_int_equal(pthread_create(&counter->thread, NULL, broadcast, counter), 0);

    /* The random moment: it comes when the stream flows, and then at any time. */
    while (atomic_load(&answers) == 0)
        poll(NULL, 0, 1);
    poll(NULL, 0, (int)dice_roll(&dice, RUN_MAX_MS));
    jmt_host_kill(&studio.host);
    for (int i = 0; i < IMPORTERS; i++)
        pthread_join(importers[i].thread, NULL);
    pthread_join(counter->thread, NULL);
}

static void expect_no_refusal(const struct writer *writer)
{
    if (writer->refusal)
        fail_msg("a writer was refused: %s", writer->refusal);
}

static void test_kill(void **state)
{
    struct writer importers[IMPORTERS];
    struct writer counter;
    int rounds = studio_rounds(5, 60);
    int imported = 0;
    int counted = 0;
    char *library = studio_path(studio.host.data_dir, "library");
    json_t *birth = json_null();
    json_t *since;
    (void)state;
    for (int round = 1; round <= rounds; round++) {
        struct jmt_ws ws;
        since = listen_welcome(&ws, &studio);
        jmt_ws_fini(&ws);
        if (round == 1)
            birth = json_incref(since);
        run_writers(importers, &counter, round);
        must(jmt_host_restart(&studio.host));
        expect_no_refusal(&counter);
        json_t *photos = all_photos();
        for (int i = 0; i < IMPORTERS; i++) {
            expect_no_refusal(&importers[i]);
            check_imports(&importers[i], photos);
            imported += importers[i].acknowledged;
        }
        counted += counter.acknowledged;
        check_events(photos, birth);
        check_counts(&counter, since);
        await_no_parts();
        for (int i = 0; i < IMPORTERS; i++)
            check_retry(&importers[i]);
        json_decref(photos);
        photos = all_photos();
        assert_int_equal(photo_count_files(library, NULL), json_object_size(photos));
        json_decref(photos);
        json_t *welcome = listen_welcome(&ws, &studio);
        expect_text(welcome, "epoch", text_of(birth, "epoch"));
        json_decref(welcome);
        jmt_ws_fini(&ws);
        json_decref(since);
    }
    printf("killed %d times: %d imports and %d events were acknowledged\n", rounds, imported,
           counted);
    json_decref(birth);
    free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kill)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
