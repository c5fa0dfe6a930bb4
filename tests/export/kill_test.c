/*
 * Workers and the host are killed at random moments of many exports. Afterwards every export is there
 * once, whole, and nothing unfinished lies about.
 */
#include "check.h"
#include "client/wait.h"
#include "dice.h"
#include "exported.h"
#include "made_photos.h"
#include "photos.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define PHOTOS 10
#define LIMIT_MS 300000

static struct studio studio;
static struct dice dice;
static json_int_t photos[PHOTOS];
static json_int_t asked; /* exports, in all rounds */

static int open_studio(void **state)
{
    (void)state;
    dice_init(&dice, "export_kill_test");
    made_setup();
    studio_open(&studio,
                json_pack("{s:{s:{s:i, s:i}, s:{s:i}}}", "plugins", "queue", "retry_base_ms", 0,
                          "max_attempts", 100, "preview", "background", 0),
                NULL);
    exported_make(&studio, "one", json_pack("{s:s}", "filename_template", "{original}_{sequence}"));
    exported_make(&studio, "two",
                  json_pack("{s:s, s:s, s:i}", "filename_template", "{original}_{sequence}",
                            "format", "PNG", "max_dimension", 600));
    for (int i = 0; i < PHOTOS; i++) {
        char name[32];
        snprintf(name, sizeof name, "photo%d.jpg", i);
        photos[i] = exported_photo(&studio, name, 1500, 1000, i);
    }
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_int_t history_count(const char *status)
{
    char path[96];
    snprintf(path, sizeof path, "/export/auto/history?limit=10000&status=%s", status);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    json_int_t count = int_of(answer, "count");
    json_decref(answer);
    return count;
}

static void wait_completed(json_int_t wanted)
{
    int64_t deadline = jmt_deadline_after(LIMIT_MS);
    while (history_count("completed") < wanted) {
        if (jmt_clock_ms() > deadline)
            fail_msg("%lld exports are finished, not %lld", (long long)history_count("completed"),
                     (long long)wanted);
        poll(NULL, 0, 5);
    }
}

static void ask_exports(int count)
{
    for (int i = 0; i < count; i += 2) {
        json_t *answer = ask(&studio, 200, "POST", "/export/auto/multiple",
                             json_pack("{s:I, s:[s, s]}", "photo_id", photos[(i / 2) % PHOTOS],
                                       "preset_names", "one", "two"));
        asked += int_of(answer, "job_count");
        json_decref(answer);
    }
}

/* A worker of the host, which is its parent. */
static void kill_a_worker(void)
{
    char path[64];
    int pid = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)studio.host.process.pid,
             (int)studio.host.process.pid);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%d", &pid) == 1 && pid > 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
}

/* Hears of files that get their names from now on. */
static int watch_names(void)
{
    char *exports = studio_path(studio.host.data_dir, "exports");
    char *folder = studio_path(exports, "one");
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    (void)mkdir(exports, 0755);
    (void)mkdir(folder, 0755);
    assert_true(inotify_add_watch(watch, folder, IN_MOVED_TO) >= 0);
    free(folder);
    free(exports);
    return watch;
}

/* Waits until so many files have got their names, and kills the host at that moment: some exports are
 * then finished without anybody knowing. */
static void kill_at_a_name(int watch, unsigned count)
{
    char events[4096];
    int64_t deadline = jmt_deadline_after(LIMIT_MS);
    for (unsigned seen = 0; seen < count;) {
        ssize_t got = read(watch, events, sizeof events);
        for (ssize_t at = 0; at < got; seen++)
            at += (ssize_t)(sizeof(struct inotify_event) +
                            ((const struct inotify_event *)(const void *)(events + at))->len);
        if (got < 0)
            must(jmt_fd_wait(watch, POLLIN, deadline));
    }
    jmt_host_kill(&studio.host);
    must(jmt_host_restart(&studio.host));
}

/* Every export once, and whole. */
static void expect_all(void)
{
    json_t *paths = json_object();
    size_t i;
    json_t *export;
    json_t *answer =
        ask(&studio, 200, "GET", "/export/auto/history?limit=10000&status=completed", NULL);
    assert_int_equal(int_of(answer, "count"), asked);
    json_array_foreach(list_of(answer, "exports"), i, export)
    {
        const char *path = text_of(export, "output_path");
        if (strstr(path, "_1.jpg"))
            fail_msg("%s was made twice", path);
        json_object_set_new(paths, path, json_true());
        exported_expect_picture(path, strstr(path, "/one/") ? 512 : 600);
    }
    assert_int_equal(json_object_size(paths), asked);
    assert_int_equal(exported_count(&studio, "one") + exported_count(&studio, "two"), asked);
    assert_int_equal(history_count("failed"), 0);
    json_decref(answer);
    json_decref(paths);
}

static void test_kills(void **state)
{
    int rounds = studio_rounds(8, 20);
    int each = studio_rounds(24, 200);
    (void)state;
    for (int round = 0; round < rounds; round++) {
        json_int_t before = asked;
        int watch = watch_names();
        ask_exports(each);
        if (round % 4 != 3) {
            kill_at_a_name(watch, 1 + dice_roll(&dice, (unsigned)each / 4));
        } else {
            wait_completed(before + (json_int_t)dice_roll(&dice, (unsigned)each / 2));
            kill_a_worker();
        }
        close(watch);
        wait_completed(asked);
    }
    assert_int_equal(exported_parts(&studio), 0);
    expect_all();
    printf("%lld exports survived %d kills\n", (long long)asked, rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kills)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
