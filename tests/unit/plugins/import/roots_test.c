/* Which paths may be imported, and what is opened when they are. */
#include "scratch.h"
#include "source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Folders: ana (the root), anabel, ana/library (excluded). */
struct world {
    struct scratch scratch;
    char root[PATH_MAX];
    char library[PATH_MAX];
    const char *folders[1];
    struct import_roots roots;
};

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct scratch *scratch = &world->scratch;
    scratch_init(scratch);
    scratch_folder(scratch, "ana");
    scratch_folder(scratch, "anabel");
    scratch_folder(scratch, "ana/library");
    scratch_file(scratch, "ana/a.jpg", "inside", 6);
    scratch_file(scratch, "ana/caf\xe9.jpg", "latin", 5);
    scratch_file(scratch, "ana/50%FF.jpg", "literal", 7);
    scratch_file(scratch, "ana/library/l.jpg", "own", 3);
    scratch_file(scratch, "anabel/b.jpg", "outside", 7);
    scratch_link(scratch, "../anabel/b.jpg", "ana/out.jpg");
    scratch_link(scratch, "../anabel", "ana/out");
    scratch_link(scratch, "../anabel/nothing.jpg", "ana/dangling.jpg");
    scratch_link(scratch, "loop.jpg", "ana/loop.jpg");
    scratch_link(scratch, "../ana/a.jpg", "anabel/in.jpg");
    strcpy(world->root, scratch_path(scratch, "ana"));
    strcpy(world->library, scratch_path(scratch, "ana/library"));
    world->folders[0] = world->root;
    world->roots = (struct import_roots){
        .folders = world->folders, .count = 1, .excluded = {world->library, NULL}};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    scratch_fini(&world->scratch);
    free(world);
    return 0;
}

/* The HTTP status of opening `name`, 0 when it was opened. */
static int judge(struct world *world, const char *name)
{
    struct source source;
    struct verdict verdict = {0};
    if (source_open(&world->roots, 1000, scratch_path(&world->scratch, name), &source, &verdict)) {
        close(source.fd);
        return 0;
    }
    assert_int_equal(source.fd, -1);
    assert_int_not_equal(verdict.text[0], '\0');
    return verdict.http_status;
}

static void test_within(void **state)
{
    (void)state;
    assert_true(path_is_within("/media/a", "/media/a"));
    assert_true(path_is_within("/media/a/b", "/media/a"));
    assert_true(path_is_within("/media/a/b", "/media/a/"));
    assert_true(path_is_within("/media/a/b", "/"));
    assert_false(path_is_within("/media/ab", "/media/a"));
    assert_false(path_is_within("/media", "/media/a"));
}

static void test_judgement(void **state)
{
    static const struct {
        const char *name;
        int status;
    } cases[] = {
        {"ana/a.jpg", 0},
        {"ana/./a.jpg", 0},
        {"ana/../ana/a.jpg", 0},
        {"anabel/in.jpg", 0}, /* a link is judged by where it leads */
        {"anabel/b.jpg", 403},
        {"ana/../anabel/b.jpg", 403},
        {"ana/out.jpg", 403},
        {"ana/out/b.jpg", 403},
        {"ana/out/nothing.jpg", 403},
        {"ana/dangling.jpg", 403},
        {"ana/loop.jpg", 403},
        {"anabel/nothing.jpg", 403},
        {"nothing/at/all.jpg", 403},
        {"ana/nothing/../../anabel/b.jpg", 403},
        {"ana/library/l.jpg", 403},
        {"ana/library/nothing.jpg", 403},
        {"ana/nothing.jpg", 404},
        {"ana/nothing/at/all.jpg", 404},
        {"ana/a.jpg/below.jpg", 404},
        {"ana", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = judge(*state, cases[i].name);
        if (status != cases[i].status) {
            fail_msg("%s is answered %d, not %d", cases[i].name, status, cases[i].status);
        }
    }
}

static void test_relative(void **state)
{
    struct world *world = *state;
    struct source source;
    struct verdict verdict = {0};
    assert_false(source_open(&world->roots, 1000, "a.jpg", &source, &verdict));
    assert_int_equal(verdict.http_status, 403);
    assert_false(source_open(&world->roots, 1000, "", &source, &verdict));
    assert_int_equal(verdict.http_status, 403);
}

static void test_no_regular_file(void **state)
{
    struct world *world = *state;
    assert_int_equal(mkfifo(scratch_path(&world->scratch, "ana/pipe.jpg"), 0600), 0);
    assert_int_equal(judge(world, "ana/pipe.jpg"), 400);
}

static void test_size(void **state)
{
    struct world *world = *state;
    char bytes[1001] = {0};
    scratch_file(&world->scratch, "ana/large.jpg", bytes, sizeof bytes);
    assert_int_equal(judge(world, "ana/large.jpg"), 400);
    scratch_file(&world->scratch, "ana/large.jpg", bytes, sizeof bytes - 1);
    assert_int_equal(judge(world, "ana/large.jpg"), 0);
}

static void test_escaped_names(void **state)
{
    struct world *world = *state;
    assert_int_equal(judge(world, "ana/caf%E9.jpg"), 0);
    assert_int_equal(judge(world, "ana/50%FF.jpg"), 0);
    assert_int_equal(judge(world, "ana/other%FF.jpg"), 404);
    /* Only what is no UTF-8 is ever escaped, so nothing else is undone. */
    assert_int_equal(judge(world, "ana/%61.jpg"), 404);
    assert_int_equal(judge(world, "ana/%2e%2e/anabel/b.jpg"), 404);
}

static void test_root_that_is_a_link(void **state)
{
    struct world *world = *state;
    char link[PATH_MAX];
    scratch_link(&world->scratch, "ana", "alias");
    strcpy(link, scratch_path(&world->scratch, "alias"));
    world->folders[0] = link;
    assert_int_equal(judge(world, "alias/a.jpg"), 0);
    assert_int_equal(judge(world, "ana/a.jpg"), 0);
    assert_int_equal(judge(world, "anabel/b.jpg"), 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_within),
        cmocka_unit_test_setup_teardown(test_judgement, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_relative, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_regular_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_escaped_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_root_that_is_a_link, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
