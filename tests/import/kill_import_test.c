/*
 * The host is killed at random moments of imports of many files: of real photographs with what
 * belongs to them, where there are samples, and of generated ones. Whatever the moment, nothing
 * half done is in the library, nothing is lost and nothing is there twice; and an import that is
 * begun again ends. JUNMAI_TEST_FULL=1 kills often.
 */
#include "check.h"
#include "dice.h"
#include "listen.h"
#include "originals.h"
#include "photos.h"

#include "client/process.h"
#include "client/wait.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GENERATED 300
#define EACH_ROUND 15 /* further files, so that there is always something to do */
#define PHOTO_MAX_BYTES 200000
#define AFTER_FIRST_MS 150
#define AT_ONCE_MS 60
#define ALL_MS 300000 /* for all files at once, on a loaded machine */

struct run {
    struct studio studio;
    struct dice dice;
    const char *mode;
    bool card;
    char *source;    /* what is imported */
    char *keep;      /* a second set of the same files */
    json_t *digests; /* of `keep` */
    int written;
};

static void copy_tree(const char *from, const char *to)
{
    struct jmt_process process;
    const char *const argv[] = {"/bin/cp", "-rT", from, to, NULL};
    must(jmt_process_start(&process, argv, NULL));
    assert_int_equal(jmt_process_wait(&process, ALL_MS), 0);
}

/* Into both folders. Each fifth has a sidecar. */
static void write_more(struct run *run, int count)
{
    static const char sidecar[] = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>%d</x:xmpmeta>";
    for (int i = 0; i < count; i++) {
        char name[32];
        char text[96];
        int number = run->written++;
        size_t bytes = (size_t)number * 7919 % PHOTO_MAX_BYTES;
        snprintf(name, sizeof name, "made %04d.jpg", number);
        free(photo_write_sized(run->keep, name, name, bytes));
        free(photo_write_sized(run->source, name, name, bytes));
        if (number % 5 == 0) {
            snprintf(name, sizeof name, "made %04d.xmp", number);
            int len = snprintf(text, sizeof text, sidecar, number);
            free(photo_write_raw(run->keep, name, text, (size_t)len));
            free(photo_write_raw(run->source, name, text, (size_t)len));
        }
    }
    json_decref(run->digests);
    run->digests = originals_read(run->keep);
}

static void open_run(struct run *run, const char *mode, bool card)
{
    const char *samples = getenv("JUNMAI_SAMPLES");
    char path[PATH_MAX];
    *run = (struct run){.mode = mode, .card = card};
    dice_init(&run->dice, "kill_import_test");
    studio_open(&run->studio, NULL, NULL);
    run->source = studio_path(run->studio.photos, "source");
    run->keep = studio_path(run->studio.folder, "keep");
    assert_int_equal(mkdir(run->source, 0755), 0);
    assert_int_equal(mkdir(run->keep, 0755), 0);
    snprintf(path, sizeof path, "%s/dev", samples ? samples : REPOSITORY "/../shared/samples");
    if (access(path, R_OK) == 0) {
        copy_tree(path, run->keep);
        copy_tree(path, run->source);
    }
    write_more(run, GENERATED);
}

static void close_run(struct run *run)
{
    studio_close(&run->studio);
    json_decref(run->digests);
    free(run->source);
    free(run->keep);
}

/* The request that imports everything that is in the source folder. */
static json_t *request_of(const struct run *run, const char **path_out)
{
    *path_out = run->card ? "/import/card" : "/import/batch";
    if (run->card)
        return json_pack("{s:s, s:s, s:s}", "path", run->source, "session", "Killed", "mode",
                         run->mode);
    json_t *paths = json_array();
    json_t *files = originals_read(run->source);
    const char *key;
    json_t *value;
    json_object_foreach(files, key, value)
    {
        char *path = studio_path(run->source, key);
        json_array_append_new(paths, json_string(path));
        free(path);
    }
    json_decref(files);
    return json_pack("{s:o, s:s}", "file_paths", paths, "mode", run->mode);
}

/* Begins an import without waiting for its answer. */
static void begin(const struct run *run, struct jmt_http *http)
{
    const char *path;
    json_t *body = request_of(run, &path);
    char *text = json_dumps(body, JSON_COMPACT);
    struct jmt_request request = {.method = "POST", .path = path, .body = text};
    must(jmt_http_open(http, run->studio.host.port));
    must(jmt_http_send(http, &request));
    json_decref(body);
    free(text);
}

/* A worker that was just being started when the host died holds the lock of the data directory until
 * it runs its own program: a moment in which the host refuses to start. */
static void restart(struct run *run)
{
    int64_t deadline_ms = jmt_deadline_after(JMT_PATIENCE_MS);
    while (jmt_host_restart(&run->studio.host) < 0) {
        if (jmt_clock_ms() >= deadline_ms)
            fail_msg("%s", jmt_error_text());
        jmt_host_kill(&run->studio.host);
    }
}

/* The random moment: mostly when photographs are coming in, sometimes at the very beginning. */
static void kill_once(struct run *run)
{
    struct jmt_ws ws;
    struct jmt_http http;
    listen_open(&ws, &run->studio, "photos");
    begin(run, &http);
    if (dice_roll(&run->dice, 4) > 0) {
        json_decref(listen_for(&ws, "photo_imported"));
        poll(NULL, 0, (int)dice_roll(&run->dice, AFTER_FIRST_MS));
    } else {
        poll(NULL, 0, (int)dice_roll(&run->dice, AT_ONCE_MS));
    }
    jmt_host_kill(&run->studio.host);
    jmt_http_close(&http);
    jmt_ws_fini(&ws);
    restart(run);
}

static void await_card(const struct run *run, json_int_t id)
{
    char path[64];
    bool running;
    int64_t deadline_ms = jmt_deadline_after(ALL_MS);
    snprintf(path, sizeof path, "/import/card/%lld", (long long)id);
    do {
        json_t *job = ask(&run->studio, 200, "GET", path, NULL);
        running = strcmp(text_of(job, "status"), "running") == 0;
        json_decref(job);
    } while (running && jmt_clock_ms() < deadline_ms && poll(NULL, 0, 20) == 0);
    assert_false(running);
}

/* Imports everything to the end. */
static void import_all(const struct run *run)
{
    struct jmt_http http;
    struct jmt_response response;
    begin(run, &http);
    if (jmt_http_receive(&http, &response, ALL_MS) < 0)
        fail_msg("the import of all files has no answer: %s", jmt_error_text());
    jmt_http_close(&http);
    if (run->card) {
        json_t *answer = json_loads(response.body, 0, NULL);
        assert_int_equal(response.status, 200);
        if (int_of(answer, "new") > 0)
            await_card(run, int_of(answer, "card_id"));
        json_decref(answer);
    }
    jmt_response_fini(&response);
}

static void expect_all_generated(const struct run *run, const json_t *contents)
{
    for (int i = 0; i < run->written; i++) {
        char name[32];
        snprintf(name, sizeof name, "made %04d.jpg", i);
        const char *digest = json_string_value(json_object_get(run->digests, name));
        if (!json_object_get(contents, digest))
            fail_msg("%s was not imported", name);
    }
}

/* The number of photographs is returned; each file of the library belongs to one. */
static size_t expect_complete(const struct run *run)
{
    json_t *contents;
    json_t *files;
    char *library = studio_path(run->studio.host.data_dir, "library");
    originals_check(&run->studio, run->digests, run->source, strcmp(run->mode, "move") == 0);
    originals_catalog(&run->studio, &contents, &files);
    expect_all_generated(run, contents);
    assert_int_equal(photo_count_files(library, NULL), json_object_size(files));
    size_t count = json_object_size(files);
    json_decref(contents);
    json_decref(files);
    free(library);
    return count;
}

static void run_kills(const char *mode, bool card)
{
    struct run run;
    int rounds = studio_rounds(5, 50);
    open_run(&run, mode, card);
    for (int round = 0; round < rounds; round++) {
        write_more(&run, round == 0 ? 0 : EACH_ROUND);
        kill_once(&run);
        originals_check(&run.studio, run.digests, run.source, strcmp(mode, "move") == 0);
    }
    char *library = studio_path(run.studio.host.data_dir, "library");
    int before = photo_count_files(library, NULL);
    import_all(&run);
    size_t count = expect_complete(&run);
    copy_tree(run.keep, run.source); /* what was moved is there once more */
    import_all(&run);
    assert_int_equal(expect_complete(&run), count);
    printf("%s, %s: killed %d times, %zu files in the library, %d of them in the last import\n",
           card ? "card" : "batch", mode, rounds, count, photo_count_files(library, NULL) - before);
    free(library);
    close_run(&run);
}

static void test_batch_copy(void **state)
{
    (void)state;
    run_kills("copy", false);
}

static void test_batch_move(void **state)
{
    (void)state;
    run_kills("move", false);
}

static void test_card_copy(void **state)
{
    (void)state;
    run_kills("copy", true);
}

static void test_card_move(void **state)
{
    (void)state;
    run_kills("move", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_copy),
        cmocka_unit_test(test_batch_move),
        cmocka_unit_test(test_card_copy),
        cmocka_unit_test(test_card_move),
    };
    return cmocka_run_group_tests_name("kill import", tests, NULL, NULL);
}
