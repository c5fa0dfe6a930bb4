/* A kernel that allows too few watches: the rest of the tree is polled. The limit is made in a user
 * namespace; where such cannot be made, the test is skipped. */
#include "hotfolder.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDERS 8
#define SKIPPED 77

/* A program that starts junmaid with no more than four watches. */
static const char limiting[] =
    "#!/bin/sh\n"
    "exec unshare --user --map-root-user sh -c \\\n"
    "    'echo 4 >/proc/sys/user/max_inotify_watches && exec \"$@\"' sh '%s' \"$@\"\n";

static char *write_program(const struct hot_studio *hot)
{
    char *path = studio_path(hot->studio.folder, "limited.sh");
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fprintf(file, limiting, hot->studio.host.argv[0]) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

static void write_everywhere(char *const folders[FOLDERS], const char *name)
{
    char comment[64];
    for (int i = 0; i < FOLDERS; i++) {
        snprintf(comment, sizeof comment, "%s %d", name, i);
        free(photo_write(folders[i], name, comment));
    }
}

static void test_few_watches(void **state)
{
    struct hot_studio hot;
    char *folders[FOLDERS];
    (void)state;
    hot_open(&hot, json_pack("{s:i}", "hot_rescan_s", 1));
    for (int i = 0; i < FOLDERS; i++) {
        char name[24];
        snprintf(name, sizeof name, "folder %d", i);
        folders[i] = hot_mkdir(hot.hot, name);
    }
    must(jmt_host_stop(&hot.studio.host));
    char *program = write_program(&hot);
    hot.studio.host.argv[0] = program;
    must(jmt_host_restart(&hot.studio.host));
    hot_add(&hot, hot.hot);
    hot_wait_text(&hot, "state", "polling");
    hot_wait_text(&hot, "last_error", "max_user_watches");
    write_everywhere(folders, "first.jpg");
    hot_wait_count(&hot, "imported", FOLDERS);
    write_everywhere(folders, "second.jpg");
    hot_wait_count(&hot, "imported", 2 * FOLDERS);
    assert_int_equal(hot_total(&hot), 2 * FOLDERS);
    hot_wait_text(&hot, "state", "polling");
    for (int i = 0; i < FOLDERS; i++)
        free(folders[i]);
    hot_close(&hot);
    free(program);
}

int main(void)
{
    if (system("unshare --user --map-root-user "
               "sh -c 'echo 4 >/proc/sys/user/max_inotify_watches' 2>/dev/null") != 0) {
        puts("skipped: no user namespace can be made here");
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_few_watches)};
    return cmocka_run_group_tests_name("hot folder polling", tests, NULL, NULL);
}
