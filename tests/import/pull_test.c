/*
 * A card that fails in the middle: files that give EIO, and a card that is gone. Each file has its
 * verdict, the others come in, and the same request again brings the rest. The medium that fails is a
 * library that is preloaded into the host (pulled_shim.c), which a sanitizer's runtime does not
 * allow: then that test is skipped.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GOOD 4
#define BAD_BYTES 2500000 /* it fails in its middle */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#define IS_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define IS_SANITIZED false
#endif

static struct studio studio;
static char *card, *mark, *marks;

static int open_studio(void **state)
{
    (void)state;
    marks = studio_folder_new();
    mark = studio_path(marks, "pulled");
    if (!IS_SANITIZED) {
        setenv("JUNMAI_TEST_PULLED", mark, 1);
        setenv("LD_PRELOAD", SHIM, 1);
    }
    studio_open(&studio, NULL, NULL);
    unsetenv("LD_PRELOAD");
    card = studio_path(studio.photos, "DCIM");
    must(mkdir(card, 0755));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(photo_count_files(studio.host.data_dir, ".part"), 0);
    studio_close(&studio);
    studio_folder_remove(marks);
    free(mark);
    free(card);
    return 0;
}

static json_t *post_card(void)
{
    return ask(&studio, 200, "POST", "/import/card", json_pack("{s:s}", "path", card));
}

/* The job of the card when it has ended. */
static json_t *wait_for_end(struct jmt_ws *ws, json_int_t id)
{
    char path[64];
    snprintf(path, sizeof path, "/import/card/%lld", (long long)id);
    json_t *job = ask(&studio, 200, "GET", path, NULL);
    while (strcmp(text_of(job, "status"), "running") == 0) {
        json_decref(job);
        json_decref(listen_for(ws, "import_progress"));
        job = ask(&studio, 200, "GET", path, NULL);
    }
    return job;
}

/* Imports the card; the job at its end. */
static json_t *import_card(void)
{
    struct jmt_ws ws;
    listen_open(&ws, &studio, "photos");
    json_t *begun = post_card();
    json_t *job = wait_for_end(&ws, int_of(begun, "card_id"));
    json_decref(begun);
    jmt_ws_fini(&ws);
    return job;
}

static void expect_problems(const json_t *job, size_t count, const char *words)
{
    char path[96];
    size_t i;
    json_t *verdict;
    snprintf(path, sizeof path, "/import/reports/%s?only=problems", text_of(job, "import_id"));
    json_t *report = ask(&studio, 200, "GET", path, NULL);
    assert_int_equal(json_array_size(list_of(report, "verdicts")), count);
    json_array_foreach(list_of(report, "verdicts"), i, verdict)
    {
        if (!strstr(text_of(verdict, "error"), words))
            fail_msg("\"%s\" does not say \"%s\"", text_of(verdict, "error"), words);
    }
    json_decref(report);
}

static void test_eio(void **state)
{
    (void)state;
    if (IS_SANITIZED) {
        print_message("a library cannot be preloaded under a sanitizer: skipped\n");
        skip();
    }
    free(photo_write_raw(marks, "pulled", "", 0));
    for (int i = 0; i < GOOD; i++) {
        char name[32];
        snprintf(name, sizeof name, "good-%d.jpg", i);
        free(photo_write(card, name, name));
    }
    free(photo_write_sized(card, "a-bad.jpg", "first", BAD_BYTES));
    free(photo_write_sized(card, "z-bad.jpg", "last", BAD_BYTES));
    json_t *job = import_card();
    expect_text(job, "status", "incomplete");
    expect_int(job, "imported", GOOD);
    expect_int(job, "failed", 2);
    expect_problems(job, 2, "Input/output error");
    json_int_t id = int_of(job, "card_id");
    json_decref(job);

    must(unlink(mark));
    job = import_card();
    expect_int(job, "card_id", id);
    expect_text(job, "status", "done");
    expect_int(job, "known", GOOD);
    expect_int(job, "imported", GOOD + 2);
    expect_int(job, "failed", 0);
    json_decref(job);
}

/* Gone with all its files, in the middle. */
static void test_gone(void **state)
{
    enum { FILES = 80 };
    struct jmt_ws ws;
    (void)state;
    for (int i = 0; i < FILES; i++) {
        char name[32];
        snprintf(name, sizeof name, "pulled-%02d.jpg", i);
        free(photo_write_sized(card, name, name, 100000));
    }
    char *away = studio_path(studio.photos, "away");
    listen_open(&ws, &studio, "photos");
    json_t *begun = post_card();
    for (int i = 0; i < 3; i++)
        json_decref(listen_for(&ws, "photo_imported"));
    must(rename(card, away));
    json_t *job = wait_for_end(&ws, int_of(begun, "card_id"));
    expect_text(job, "status", "incomplete");
    assert_in_range(int_of(job, "failed"), 1, FILES - 3);
    expect_problems(job, (size_t)int_of(job, "failed"), "not exist");
    json_decref(job);
    json_decref(begun);
    jmt_ws_fini(&ws);

    must(rename(away, card));
    job = import_card();
    expect_text(job, "status", "done");
    expect_int(job, "imported", FILES);
    json_decref(job);
    free(away);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_eio), cmocka_unit_test(test_gone)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
