/* Folders that come, move and go. */
#include "hotfolder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENTS_MAX 16384 /* that the kernel keeps, unless an operator allows more */

static struct hot_studio hot;

static int open_hot(void **state)
{
    (void)state;
    hot_open(&hot, json_pack("{s:i}", "hot_rescan_s", 3600));
    hot_add(&hot, hot.hot);
    hot_pass(&hot);
    return 0;
}

static int close_hot(void **state)
{
    (void)state;
    hot_close(&hot);
    return 0;
}

/* Three folders one in the other, with ten files each; how many there are. */
static int make_tree(const char *folder, const char *word)
{
    char name[64];
    char *inner = strdup(folder);
    for (int depth = 0; depth < 3; depth++) {
        char *next = hot_mkdir(inner, "inner");
        for (int i = 0; i < 10; i++) {
            snprintf(name, sizeof name, "%s %d %d.jpg", word, depth, i);
            free(photo_write(next, name, name));
        }
        free(inner);
        inner = next;
    }
    free(inner);
    return 30;
}

/* A whole tree appears by one rename. */
static void test_tree_moved_in(void **state)
{
    (void)state;
    char *from = hot_mkdir(hot.staging, "tree");
    char *to = studio_path(hot.hot, "tree");
    int count = make_tree(from, "moved");
    assert_int_equal(rename(from, to), 0);
    hot_wait_count(&hot, "imported", 1 + count);
    free(from);
    free(to);
}

/* Folders are made and filled faster than watches can be set. */
static void test_tree_copied_in(void **state)
{
    (void)state;
    char *from = hot_mkdir(hot.staging, "tree");
    int count = make_tree(from, "copied");
    hot_run((const char *const[]){"/bin/cp", "-r", from, hot.hot, NULL});
    hot_wait_count(&hot, "imported", 1 + count);
    assert_int_equal(hot_total(&hot), 1 + count);
    free(from);
}

/* A watched folder is renamed: what comes into it later is found under its new name. */
static void test_folder_renamed(void **state)
{
    (void)state;
    char *old = hot_mkdir(hot.hot, "old");
    char *new = studio_path(hot.hot, "new");
    free(photo_write(old, "first.jpg", "first"));
    hot_wait_count(&hot, "imported", 2);
    assert_int_equal(rename(old, new), 0);
    char *second = photo_write(new, "second.jpg", "second");
    hot_wait_count(&hot, "imported", 4); /* the first one is found again, as a duplicate */
    json_decref(hot_photo_of(&hot, second));
    assert_int_equal(hot_total(&hot), 3);
    free(second);
    free(old);
    free(new);
}

/* A watched folder leaves: it is no hot folder any more. */
static void test_folder_moved_out(void **state)
{
    (void)state;
    char *inside = hot_mkdir(hot.hot, "leaving");
    char *outside = studio_path(hot.staging, "left");
    free(photo_write(inside, "first.jpg", "first"));
    hot_wait_count(&hot, "imported", 2);
    assert_int_equal(rename(inside, outside), 0);
    free(photo_write(outside, "second.jpg", "second"));
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(hot_total(&hot), 3);
    free(inside);
    free(outside);
}

/* The hot folder itself is removed, and made again: found by looking, nothing tells of it. */
static void test_gone_and_back(void **state)
{
    (void)state;
    hot_run((const char *const[]){"/bin/rm", "-r", hot.hot, NULL});
    hot_wait_text(&hot, "state", "missing");
    assert_int_equal(mkdir(hot.hot, 0755), 0);
    free(photo_write(hot.hot, "back.jpg", "back"));
    hot_wait_count(&hot, "imported", 2);
    hot_wait_text(&hot, "state", "ok");
    hot_pass(&hot);
}

/* The same by renaming, as a card reader's mount does it. */
static void test_moved_away_and_back(void **state)
{
    (void)state;
    char *away = studio_path(hot.staging, "away");
    assert_int_equal(rename(hot.hot, away), 0);
    hot_wait_text(&hot, "state", "missing");
    free(photo_write(away, "away.jpg", "away"));
    assert_int_equal(rename(away, hot.hot), 0);
    hot_wait_count(&hot, "imported", 2);
    hot_wait_text(&hot, "state", "ok");
    free(away);
}

/* More happens than the kernel keeps for a host that does not listen: the last file is not told. */
static void test_overflow(void **state)
{
    (void)state;
    char *names[] = {studio_path(hot.hot, "a.part"), studio_path(hot.hot, "b.part")};
    free(photo_write(hot.hot, "a.part", "never taken"));
    must(jmt_process_signal(&hot.studio.host.process, SIGSTOP));
    jmt_host_log_mark(&hot.studio.host);
    for (int i = 0; i < EVENTS_MAX; i++)
        assert_int_equal(rename(names[i % 2], names[(i + 1) % 2]), 0);
    char *lost = photo_write(hot.hot, "lost.jpg", "lost");
    must(jmt_process_signal(&hot.studio.host.process, SIGCONT));
    must(jmt_host_log_wait(&hot.studio.host, "the folder is read anew", LISTEN_MS));
    hot_wait_count(&hot, "imported", 2);
    json_decref(hot_photo_of(&hot, lost));
    free(lost);
    free(names[0]);
    free(names[1]);
}

/* One folder inside the other; the inner one stays when the outer one goes. */
static void test_overlapping(void **state)
{
    (void)state;
    char *inner = hot_mkdir(hot.hot, "inner");
    hot_add(&hot, inner);
    free(photo_write(inner, "both.jpg", "both"));
    hot_wait_count(&hot, "imported", 2);
    assert_int_equal(hot_total(&hot), 2);
    hot_remove(&hot, hot.hot);
    char *only = photo_write(inner, "only.jpg", "only");
    char *outer = hot.hot;
    hot.hot = inner;
    hot_wait_count(&hot, "imported", 2);
    hot.hot = outer;
    json_decref(hot_photo_of(&hot, only));
    free(only);
    free(inner);
}

int main(void)
{
#define with_studio(test) cmocka_unit_test_setup_teardown(test, open_hot, close_hot)
    const struct CMUnitTest tests[] = {
        with_studio(test_tree_moved_in),  with_studio(test_tree_copied_in),
        with_studio(test_folder_renamed), with_studio(test_folder_moved_out),
        with_studio(test_gone_and_back),  with_studio(test_moved_away_and_back),
        with_studio(test_overlapping),    with_studio(test_overflow),
    };
    return cmocka_run_group_tests_name("hot folder trees", tests, NULL, NULL);
}
