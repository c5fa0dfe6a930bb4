/* What a task must look like to be accepted, and what is kept of it. */
#include "pool_fixture.h"

#include "host/util/span.h"
#include "host/worker/task.h"
#include "host/worker/wire.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static const struct jmh_pool_options defaults = {.wall_ms = 1, .cpu_ms = 2, .memory_mib = 3};

static void done(void *user, jm_id task, jm_status status, jm_span text)
{
    (void)user;
    (void)task;
    (void)status;
    (void)text;
}

static const struct jmh_task_events events = {NULL, done, NULL};

static void refuses(const char *object, jm_task task, const struct jmh_task_events *with,
                    const char *words)
{
    struct jmh_task *copy = NULL;
    struct jmh_err err = {0};
    assert_int_equal(jmh_task_new(object, &task, with, &defaults, &copy, &err), JM_EINVAL);
    assert_null(copy);
    if (strstr(err.text, words) == NULL) {
        fail_msg("'%s' does not say '%s'", err.text, words);
    }
}

static void what_breaks_the_rules_is_refused(void **state)
{
    (void)state;
    static const int bad_fd[] = {-1};
    jm_task task = fixture_task(NULL);
    refuses("/a.so", task, &events, "name");
    refuses("/a.so", fixture_task(""), &events, "name");
    refuses("a.so", fixture_task("x"), &events, "no path");
    task = fixture_task("x");
    task.priority = 11;
    refuses("/a.so", task, &events, "priority");
    task.priority = -1;
    refuses("/a.so", task, &events, "priority");
    task = fixture_task("x");
    task.request = jmh_span("[1]");
    refuses("/a.so", task, &events, "JSON object");
    task.request = jmh_span("{\"a\":");
    refuses("/a.so", task, &events, "JSON object");
    task = fixture_task("x");
    task.fd_count = JM_TASK_MAX_FDS + 1;
    refuses("/a.so", task, &events, "descriptors");
    task.fd_count = 1;
    refuses("/a.so", task, &events, "descriptors");
    task.fds = bad_fd;
    refuses("/a.so", task, &events, "duplicated");
    refuses("/a.so", fixture_task("x"), &(struct jmh_task_events){0}, "done");
}

static void a_request_has_a_bound(void **state)
{
    (void)state;
    size_t len = JMH_WIRE_BODY_MAX_BYTES + 1;
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, ' ', len);
    text[0] = '{';
    text[len - 1] = '}';
    jm_task task = fixture_task("x");
    task.request = (jm_span){text, len};
    refuses("/a.so", task, &events, "bytes");
    free(text);
}

static void everything_is_copied(void **state)
{
    (void)state;
    char name[] = "name";
    char request[] = "{\"a\":1}";
    jm_task task = fixture_task(name);
    task.label = NULL;
    task.request = jmh_span(request);
    task.cpu_ms = 77;
    struct jmh_task *copy;
    assert_int_equal(jmh_task_new("/a.so", &task, &events, &defaults, &copy, NULL), JM_OK);
    memset(name, '-', 4);
    memset(request, '-', 7);
    assert_string_equal(copy->name, "name");
    assert_string_equal(copy->label, "name");
    assert_string_equal(copy->request, "{\"a\":1}");
    assert_string_equal(copy->object, "/a.so");
    assert_int_equal(copy->wall_ms, 1);
    assert_int_equal(copy->cpu_ms, 77);
    assert_int_equal(copy->memory_mib, 3);
    jmh_task_free(copy);

    task = fixture_task("x");
    task.request = (jm_span){NULL, 0};
    assert_int_equal(jmh_task_new("/a.so", &task, &events, &defaults, &copy, NULL), JM_OK);
    assert_string_equal(copy->request, "{}");
    jmh_task_free(copy);
}

static void descriptors_are_duplicated_and_put_back(void **state)
{
    (void)state;
    int file = memfd_create("task-test", MFD_CLOEXEC);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(file, "0123456789", 10), 10);
    assert_int_equal(lseek(file, 4, SEEK_SET), 4);
    const int fds[] = {file, ends[0]};
    jm_task task = fixture_task("x");
    task.fds = fds;
    task.fd_count = 2;
    struct jmh_task *copy;
    assert_int_equal(jmh_task_new("/a.so", &task, &events, &defaults, &copy, NULL), JM_OK);
    assert_int_equal(copy->fd_count, 2);
    int kept = copy->fds[0];
    assert_int_not_equal(kept, file);
    assert_int_equal(fcntl(kept, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);

    assert_int_equal(lseek(kept, 9, SEEK_SET), 9);
    jmh_task_rewind(copy);
    assert_int_equal(lseek(kept, 0, SEEK_CUR), 4);

    jmh_task_free(copy);
    assert_int_equal(fcntl(kept, F_GETFD), -1);
    assert_int_equal(close(file), 0);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_breaks_the_rules_is_refused),
        cmocka_unit_test(a_request_has_a_bound),
        cmocka_unit_test(everything_is_copied),
        cmocka_unit_test(descriptors_are_duplicated_and_put_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
