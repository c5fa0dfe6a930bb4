/* `junmai backup` and `junmai restore`: of a host that is busy, and what a client that comes back to a
 * restored one is told. */
#include "ask.h"
#include "check.h"
#include "cli_run.h"
#include "listen.h"
#include "photos.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct scene {
    struct studio studio;
    char *folder; /* for backups and restored data */
    char *backup, *restored;
};

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    studio_open(&scene->studio, NULL, NULL);
    scene->folder = studio_folder_new();
    scene->backup = studio_path(scene->folder, "backup");
    scene->restored = studio_path(scene->folder, "restored");
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    studio_close(&scene->studio);
    studio_folder_remove(scene->folder);
    free(scene->backup);
    free(scene->restored);
    free(scene);
    return 0;
}

static json_t *back_up(const struct scene *scene)
{
    return cli_json(0, NULL, ARGS("backup", scene->backup, "--data", scene->studio.host.data_dir));
}

/* Publishes durable events, n = 1, 2, …, until it is told to end. */
struct publisher {
    const struct studio *studio;
    atomic_int acknowledged;
    atomic_bool ends;
    bool failed;
};

static void *publish_on(void *user)
{
    struct publisher *publisher = user;
    struct jmt_http http;
    publisher->failed = jmt_http_open(&http, publisher->studio->host.port) < 0;
    for (int n = 1; !publisher->failed && !atomic_load(&publisher->ends); n++) {
        char body[96];
        struct jmt_response response;
        snprintf(body, sizeof body,
                 "{\"type\":\"probe\",\"channel\":\"jobs\",\"durable\":true,\"data\":{\"n\":%d}}",
                 n);
        const struct jmt_request request = {.method = "POST",
                                            .path = "/websocket/broadcast",
                                            .content_type = "application/json",
                                            .body = body};
        publisher->failed =
            jmt_http_exchange(&http, &request, &response) < 0 || response.status != 200;
        jmt_response_fini(&response);
        atomic_store(&publisher->acknowledged, n);
    }
    jmt_http_close(&http);
    return NULL;
}

/* All events that a host has stored, which must be n = 1, 2, …: how many. */
static int count_events(const struct studio *studio)
{
    struct jmt_ws ws;
    json_t *welcome = listen_welcome(&ws, studio);
    json_t *answer;
    int count = 0;
    must(jmt_ws_send_json(&ws, json_pack("{s:s, s:[s], s:i, s:s}", "type", "subscribe", "channels",
                                         "jobs", "since", 0, "epoch", text_of(welcome, "epoch"))));
    must(jmt_ws_send_text(&ws, "{\"type\":\"ping\"}"));
    json_decref(listen_for(&ws, "subscription_confirmed"));
    ask_broadcast(studio, "jobs", "end", json_object(), false);
    for (;;) {
        must(jmt_ws_receive_json(&ws, &answer, LISTEN_MS));
        if (strcmp(text_of(answer, "type"), "end") == 0)
            break;
        if (strcmp(text_of(answer, "type"), "probe") == 0)
            expect_int(answer, "n", ++count);
        json_decref(answer);
    }
    json_decref(answer);
    json_decref(welcome);
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
    return count;
}

/* The copy of a busy host holds all that was acknowledged before, and a beginning of the rest. */
static void test_busy_host(void **state)
{
    struct scene *scene = *state;
    struct publisher publisher = {.studio = &scene->studio};
    struct studio other;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, publish_on, &publisher), 0);
    while (atomic_load(&publisher.acknowledged) < 100 && !publisher.failed)
        ;
    int before = atomic_load(&publisher.acknowledged);
    json_t *manifest = back_up(scene);
    int after = atomic_load(&publisher.acknowledged);
    atomic_store(&publisher.ends, true);
    pthread_join(thread, NULL);
    assert_false(publisher.failed);
    json_decref(manifest);
    cli_expect(0, NULL, ARGS("restore", scene->backup, "--data", scene->restored));
    studio_open(&other, NULL, ARGS("--data", scene->restored));
    int count = count_events(&other);
    assert_in_range(count, before, after + 1);
    assert_int_equal(count_events(&scene->studio), atomic_load(&publisher.acknowledged));
    studio_close(&other);
}

/* Photographs go along; a backup is made into a new folder alone, and outside of the data. */
static void test_files(void **state)
{
    struct scene *scene = *state;
    const char *data_dir = scene->studio.host.data_dir;
    struct stat info;
    free(photo_write(scene->studio.photos, "a.jpg", "one"));
    free(photo_write(scene->studio.photos, "caf\xe9%41.jpg", "two"));
    cli_expect(0, &scene->studio, ARGS("import", scene->studio.photos));
    json_t *manifest = back_up(scene);
    assert_int_equal(json_array_size(list_of(manifest, "files")), 3);
    expect_text(manifest, "data_dir", data_dir);
    expect_time(manifest, "made_at");
    json_decref(manifest);
    assert_int_equal(photo_count_files(scene->backup, ".jpg"), 2);
    assert_int_equal(photo_count_files(scene->backup, "-wal"), 0);
    cli_expect(1, NULL, ARGS("backup", scene->backup, "--data", data_dir));
    char *inside = studio_path(data_dir, "inside");
    cli_expect(1, NULL, ARGS("backup", inside, "--data", data_dir));
    free(inside);
    char *linked = studio_path(scene->folder, "linked");
    cli_expect(0, NULL, ARGS("backup", linked, "--link", "--data", data_dir));
    assert_int_equal(photo_count_files(linked, ".jpg"), 2);
    free(linked);
    cli_expect(0, NULL, ARGS("restore", scene->backup, "--data", scene->restored));
    assert_int_equal(photo_count_files(scene->restored, ".jpg"), 2);
    assert_int_equal(stat(scene->restored, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(photo_count_files(scene->folder, ".partial"), 0);
}

static void test_refusals(void **state)
{
    struct scene *scene = *state;
    struct cli cli;
    char pid[64];
    char *database = studio_path(scene->backup, "junmai.db");
    json_decref(back_up(scene));
    cli_run(&cli, NULL,
            ARGS("restore", scene->backup, "--data", scene->studio.host.data_dir, "--force"));
    snprintf(pid, sizeof pid, "is in use by the Junmai of process %d",
             scene->studio.host.process.pid);
    assert_int_equal(cli.status, 1);
    assert_non_null(strstr(cli.err, pid));
    cli_fini(&cli);
    cli_expect(0, NULL, ARGS("restore", scene->backup, "--data", scene->restored));
    cli_expect(1, NULL, ARGS("restore", scene->backup, "--data", scene->restored));
    json_t *report =
        cli_json(0, NULL, ARGS("restore", scene->backup, "--data", scene->restored, "--force"));
    assert_int_equal(photo_count_files(text_of(report, "before"), ".db"), 1);
    json_decref(report);
    must(truncate(database, 4096));
    cli_expect(1, NULL, ARGS("restore", scene->backup, "--data", scene->restored, "--force"));
    assert_int_equal(photo_count_files(scene->restored, ".db"), 1);
    cli_expect(1, NULL, ARGS("restore", scene->folder, "--data", scene->restored, "--force"));
    cli_expect(1, NULL, ARGS("backup", scene->restored, "--data", scene->folder));
    free(database);
}

/* A client that listened before comes back: its numbers are of another life. */
static void test_new_epoch(void **state)
{
    struct scene *scene = *state;
    struct studio other;
    struct jmt_ws ws;
    json_t *confirmation;
    json_t *welcome = listen_welcome(&ws, &scene->studio);
    ask_broadcast(&scene->studio, "jobs", "probe", json_pack("{s:i}", "n", 1), true);
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
    json_decref(back_up(scene));
    cli_expect(0, NULL, ARGS("restore", scene->backup, "--data", scene->restored));
    studio_open(&other, NULL, ARGS("--data", scene->restored));
    json_t *other_welcome = listen_welcome(&ws, &other);
    assert_string_not_equal(text_of(welcome, "epoch"), text_of(other_welcome, "epoch"));
    must(jmt_ws_subscribe_with(&ws,
                               json_pack("{s:s, s:[s], s:s}", "type", "subscribe", "channels",
                                         "jobs", "since", text_of(welcome, "cursor")),
                               &confirmation));
    assert_false(bool_of(confirmation, "recovered"));
    assert_null(json_object_get(confirmation, "missed"));
    json_decref(confirmation);
    json_decref(other_welcome);
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
    assert_int_equal(count_events(&other), 1);
    studio_close(&other);
    json_decref(welcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_busy_host, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(test_files, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(test_refusals, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(test_new_epoch, open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
