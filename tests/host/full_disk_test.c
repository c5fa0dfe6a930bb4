/*
 * A full disk: what cannot be kept is refused, nothing of it is announced, and when there is room
 * again the host goes on by itself. The data directory lies on a small file system in memory, which
 * only root can mount; it is mounted for this process alone. Otherwise the tests are skipped.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define FILL_BYTES 4096
#define WRITES_MAX 20000

static struct studio studio;
static char *mount_point;
static char *data;
static char *filler;
static bool mounted;

static int open_studio(void **state)
{
    (void)state;
    mount_point = studio_folder_new();
    data = studio_path(mount_point, "data");
    filler = studio_path(mount_point, "filler");
    mounted = unshare(CLONE_NEWNS) == 0 &&
              mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
              mount("tmpfs", mount_point, "tmpfs", MS_NODEV | MS_NOSUID, "size=12m,mode=0700") == 0;
    if (mounted)
        studio_open(&studio, NULL, (const char *const[]){"--data", data, NULL});
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    if (mounted) {
        studio_close(&studio);
        umount(mount_point);
    }
    free(data);
    free(filler);
    studio_folder_remove(mount_point);
    return 0;
}

/* Takes all the room that there is. */
static void fill(void)
{
    static const char bytes[FILL_BYTES];
    int fd = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    size_t step = sizeof bytes;
    while (step > 0) {
        if (write(fd, bytes, step) < (ssize_t)step)
            step /= 2;
    }
    close(fd);
}

static void make_room(void)
{
    assert_int_equal(unlink(filler), 0);
}

static int post(const char *path, json_t *body_take, json_t **answer_out)
{
    int status = jmt_http_json(studio.host.port, "POST", path, body_take, answer_out);
    must(status);
    return status;
}

static json_t *durable_event(int n)
{
    return json_pack("{s:s, s:s, s:b, s:{s:i, s:o}}", "type", "kept", "channel", "jobs", "durable",
                     1, "data", "n", n, "text", json_sprintf("%0800d", n));
}

/* The sentence says what is full: something of the data directory. */
static void expect_named(const json_t *answer)
{
    if (!strstr(text_of(answer, "error"), data))
        fail_msg("\"%s\" does not name %s", text_of(answer, "error"), data);
}

/* Durable events until one is refused; how many were taken. */
static int write_until_full(void)
{
    for (int n = 1; n < WRITES_MAX; n++) {
        json_t *answer;
        int status = post("/websocket/broadcast", durable_event(n), &answer);
        if (status != 200) {
            assert_int_equal(status, 503);
            assert_false(bool_of(answer, "success"));
            expect_named(answer);
            json_decref(answer);
            return n - 1;
        }
        json_decref(answer);
    }
    fail_msg("the disk is never full");
    return 0;
}

static void expect_kept(struct jmt_ws *ws, int n)
{
    json_t *event = listen_event(ws, "kept", "jobs");
    expect_int(event, "n", n);
    json_decref(event);
}

static void test_events(void **state)
{
    struct jmt_ws ws;
    json_t *answer;
    (void)state;
    if (!mounted)
        skip();
    listen_open(&ws, &studio, "jobs");
    fill();
    int taken = write_until_full();
    for (int n = 1; n <= taken; n++)
        expect_kept(&ws, n);
    listen_quiet(&ws);

    /* What needs no disk goes on, and so does what only asks. */
    ask_broadcast(&studio, "jobs", "passing", json_object(), false);
    json_decref(listen_event(&ws, "passing", "jobs"));
    json_decref(ask(&studio, 200, "GET", "/api/sessions", NULL));
    assert_int_equal(post("/api/sessions",
                          json_pack("{s:s, s:s}", "name", "Full", "import_folder", "/x"), &answer),
                     503);
    expect_named(answer);
    json_decref(answer);

    make_room();
    json_decref(ask(&studio, 200, "POST", "/websocket/broadcast", durable_event(taken + 1)));
    expect_kept(&ws, taken + 1);
    listen_quiet(&ws);
    json_t *sessions = ask(&studio, 200, "GET", "/api/sessions", NULL);
    expect_int(sessions, "total", 0);
    json_decref(sessions);
    json_decref(ask(&studio, 201, "POST", "/api/sessions",
                    json_pack("{s:s, s:s}", "name", "Full", "import_folder", "/x")));
    jmt_ws_fini(&ws);
}

/* An import that finds no room leaves nothing behind, and works when it is asked for again. */
static void test_import(void **state)
{
    struct jmt_ws ws;
    json_t *answer;
    (void)state;
    if (!mounted)
        skip();
    char *path = photo_write_sized(studio.photos, "full.jpg", "full", 400000);
    char *library = studio_path(data, "library");
    listen_open(&ws, &studio, "photos");
    fill();
    assert_int_equal(post("/import/file", json_pack("{s:s}", "file_path", path), &answer), 503);
    expect_named(answer);
    json_decref(answer);
    listen_quiet(&ws);
    assert_int_equal(photo_count_files(library, NULL), 0);

    make_room();
    answer = ask(&studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", path));
    assert_true(photo_files_equal(path, text_of(answer, "final_path")));
    json_decref(answer);
    json_decref(listen_event(&ws, "photo_imported", "photos"));
    assert_int_equal(photo_count_files(library, NULL), 1);
    free(library);
    free(path);
    jmt_ws_fini(&ws);
}

/* What was acknowledged before, is there after a kill on a full disk. */
static void test_kill_while_full(void **state)
{
    struct jmt_ws ws;
    (void)state;
    if (!mounted)
        skip();
    json_t *place = listen_welcome(&ws, &studio);
    jmt_ws_fini(&ws);
    fill();
    int taken = write_until_full();
    jmt_host_kill(&studio.host);
    make_room();
    must(jmt_host_restart(&studio.host));
    listen_open(&ws, &studio, NULL);
    must(jmt_ws_subscribe_with(&ws,
                               json_pack("{s:s, s:[s], s:O}", "type", "subscribe", "channels",
                                         "jobs", "since", json_object_get(place, "cursor")),
                               NULL));
    for (int n = 1; n <= taken; n++)
        expect_kept(&ws, n);
    listen_quiet(&ws);
    json_decref(place);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_import),
        cmocka_unit_test(test_kill_while_full),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
