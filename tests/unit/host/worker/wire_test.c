/* Messages on a socket pair: whole, in pieces, with descriptors, and broken ones. */
#include "host/worker/wire.h"

#include "host/util/span.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct line {
    int ends[2]; /* host, worker */
    struct jmh_wire_out out;
    struct jmh_wire_in in;
};

static void open_line(struct line *line)
{
    *line = (struct line){0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, line->ends),
                     0);
}

static void close_line(struct line *line)
{
    (void)close(line->ends[0]);
    (void)close(line->ends[1]);
    jmh_wire_out_fini(&line->out);
    jmh_wire_in_fini(&line->in);
}

static jm_status receive(struct line *line)
{
    return jmh_wire_receive(line->ends[1], 0, true, &line->in);
}

static void messages_arrive_as_they_were_put(void **state)
{
    (void)state;
    struct line line;
    struct jmh_wire_message message;
    open_line(&line);
    assert_true(
        jmh_wire_put(&line.out, JMH_WIRE_RUN, jmh_span("{\"a\":1}"), jmh_span("{}"), NULL, 0));
    assert_true(jmh_wire_put(&line.out, JMH_WIRE_CANCEL, (jm_span){0}, (jm_span){0}, NULL, 0));
    assert_int_equal(receive(&line), JM_EBUSY);
    assert_int_equal(jmh_wire_send(line.ends[0], &line.out), JM_OK);
    assert_int_equal(receive(&line), JM_OK);
    assert_int_equal(jmh_wire_next(&line.in, &message), JM_OK);
    assert_int_equal(message.kind, JMH_WIRE_RUN);
    assert_true(jmh_span_is(message.about, "{\"a\":1}"));
    assert_true(jmh_span_is(message.body, "{}"));
    assert_int_equal(jmh_wire_next(&line.in, &message), JM_OK);
    assert_int_equal(message.kind, JMH_WIRE_CANCEL);
    assert_int_equal(jmh_wire_next(&line.in, &message), JM_EBUSY);
    close_line(&line);
}

static void a_message_may_come_byte_by_byte(void **state)
{
    (void)state;
    struct line line;
    struct jmh_wire_message message;
    open_line(&line);
    assert_true(jmh_wire_put(&line.out, JMH_WIRE_DONE, jmh_span("{\"status\":0}"),
                             jmh_span("{\"b\":2}"), NULL, 0));
    for (size_t i = 0; i < line.out.bytes.len; i++) {
        assert_int_equal(jmh_wire_next(&line.in, &message), JM_EBUSY);
        assert_int_equal(write(line.ends[0], line.out.bytes.data + i, 1), 1);
        assert_int_equal(receive(&line), JM_OK);
    }
    assert_int_equal(jmh_wire_next(&line.in, &message), JM_OK);
    assert_true(jmh_span_is(message.body, "{\"b\":2}"));
    close_line(&line);
}

/* More than the socket holds: both sides go on where they were. */
static void a_large_message_goes_in_pieces(void **state)
{
    (void)state;
    struct line line;
    struct jmh_wire_message message;
    open_line(&line);
    size_t len = 3u << 20;
    char *body = malloc(len);
    assert_non_null(body);
    memset(body, 'z', len);
    int file = memfd_create("wire-test", MFD_CLOEXEC);
    assert_true(
        jmh_wire_put(&line.out, JMH_WIRE_RUN, jmh_span("{}"), (jm_span){body, len}, &file, 1));
    uint32_t rounds = 0;
    bool sent = false;
    while (jmh_wire_next(&line.in, &message) == JM_EBUSY) {
        if (!sent) {
            jm_status status = jmh_wire_send(line.ends[0], &line.out);
            assert_true(status == JM_OK || status == JM_EBUSY);
            sent = status == JM_OK;
        }
        rounds++;
        assert_int_equal(receive(&line), JM_OK);
    }
    assert_true(sent && rounds > 10);
    assert_int_equal(message.body.len, len);
    assert_memory_equal(message.body.ptr, body, len);
    assert_int_equal(message.fd_count, 1);
    /* Neither side keeps the memory. */
    assert_int_equal(jmh_wire_next(&line.in, &message), JM_EBUSY);
    assert_true(line.in.bytes.cap < len && line.out.bytes.cap < len);
    free(body);
    (void)close(file);
    close_line(&line);
}

static void descriptors_belong_to_their_message(void **state)
{
    (void)state;
    struct line line;
    struct jmh_wire_message message;
    open_line(&line);
    int files[3];
    for (int i = 0; i < 3; i++) {
        char name = (char)('a' + i);
        files[i] = memfd_create("wire-test", MFD_CLOEXEC);
        assert_int_equal(write(files[i], &name, 1), 1);
    }
    assert_true(jmh_wire_put(&line.out, JMH_WIRE_RUN, jmh_span("{}"), jmh_span("{}"), files, 2));
    assert_int_equal(jmh_wire_send(line.ends[0], &line.out), JM_OK);
    assert_true(jmh_wire_put(&line.out, JMH_WIRE_CANCEL, (jm_span){0}, (jm_span){0}, NULL, 0));
    assert_true(
        jmh_wire_put(&line.out, JMH_WIRE_RUN, jmh_span("{}"), jmh_span("{}"), files + 2, 1));
    assert_int_equal(jmh_wire_send(line.ends[0], &line.out), JM_OK);
    while (receive(&line) == JM_OK) {
    }
    static const char expected[] = {'a', 'b', 'c'};
    size_t seen = 0;
    while (jmh_wire_next(&line.in, &message) == JM_OK) {
        int fds[JM_TASK_MAX_FDS] = {0};
        jmh_wire_take_fds(&line.in, message.fd_count, fds);
        for (uint32_t i = 0; i < message.fd_count; i++) {
            char name = 0;
            assert_int_equal(pread(fds[i], &name, 1, 0), 1);
            assert_true(seen < sizeof expected && name == expected[seen]);
            seen++;
            assert_int_equal(fcntl(fds[i], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
            (void)close(fds[i]);
        }
    }
    assert_int_equal(seen, 3);
    for (int i = 0; i < 3; i++) {
        (void)close(files[i]);
    }
    close_line(&line);
}

static int count_open(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void descriptors_that_nobody_takes_are_closed(void **state)
{
    (void)state;
    int before = count_open();
    struct line line;
    int files[JM_TASK_MAX_FDS];
    for (int i = 0; i < JM_TASK_MAX_FDS; i++) {
        files[i] = dup(0);
    }
    /* The host takes none. */
    open_line(&line);
    assert_true(jmh_wire_put(&line.out, JMH_WIRE_RUN, jmh_span("{}"), jmh_span("{}"), files,
                             JM_TASK_MAX_FDS));
    assert_int_equal(jmh_wire_send(line.ends[0], &line.out), JM_OK);
    assert_int_equal(jmh_wire_receive(line.ends[1], 0, false, &line.in), JM_OK);
    assert_int_equal(line.in.fd_count, 0);
    struct jmh_wire_message message;
    assert_int_equal(jmh_wire_next(&line.in, &message), JM_EINVAL);
    close_line(&line);
    /* The worker takes 16 and no more. */
    open_line(&line);
    for (int round = 0; round < 2; round++) {
        assert_true(jmh_wire_put(&line.out, JMH_WIRE_RUN, jmh_span("{}"), jmh_span("{}"), files,
                                 JM_TASK_MAX_FDS));
        assert_int_equal(jmh_wire_send(line.ends[0], &line.out), JM_OK);
    }
    assert_int_equal(receive(&line), JM_OK);
    assert_int_equal(receive(&line), JM_EINVAL);
    close_line(&line);
    for (int i = 0; i < JM_TASK_MAX_FDS; i++) {
        (void)close(files[i]);
    }
    assert_int_equal(count_open(), before);
}

static void broken_heads_are_refused(void **state)
{
    (void)state;
    static const struct jmh_wire_head heads[] = {
        {.kind = 0},
        {.kind = 6},
        {.kind = 0x20736968},
        {.kind = JMH_WIRE_READY, .about_bytes = 1},
        {.kind = JMH_WIRE_CANCEL, .body_bytes = 1},
        {.kind = JMH_WIRE_PROGRESS, .body_bytes = JMH_WIRE_DETAIL_MAX_BYTES + 1},
        {.kind = JMH_WIRE_PROGRESS, .fd_count = 1},
        {.kind = JMH_WIRE_DONE, .about_bytes = JMH_WIRE_ABOUT_MAX_BYTES + 1},
        {.kind = JMH_WIRE_DONE, .body_bytes = JMH_WIRE_BODY_MAX_BYTES + 1},
        {.kind = JMH_WIRE_RUN, .fd_count = JM_TASK_MAX_FDS + 1},
        {.kind = JMH_WIRE_RUN, .fd_count = 1}, /* that never came */
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct line line;
        struct jmh_wire_message message;
        open_line(&line);
        assert_int_equal(write(line.ends[0], &heads[i], sizeof heads[i]), sizeof heads[i]);
        assert_int_equal(receive(&line), JM_OK);
        assert_int_equal(jmh_wire_next(&line.in, &message), JM_EINVAL);
        close_line(&line);
    }
}

static void the_end_of_the_other_side_is_seen(void **state)
{
    (void)state;
    struct line line;
    open_line(&line);
    (void)close(line.ends[0]);
    line.ends[0] = -1;
    assert_int_equal(receive(&line), JM_EGONE);
    assert_true(jmh_wire_put(&line.out, JMH_WIRE_READY, (jm_span){0}, (jm_span){0}, NULL, 0));
    assert_int_equal(jmh_wire_send(line.ends[1], &line.out), JM_EGONE);
    close_line(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_arrive_as_they_were_put),
        cmocka_unit_test(a_message_may_come_byte_by_byte),
        cmocka_unit_test(a_large_message_goes_in_pieces),
        cmocka_unit_test(descriptors_belong_to_their_message),
        cmocka_unit_test(descriptors_that_nobody_takes_are_closed),
        cmocka_unit_test(broken_heads_are_refused),
        cmocka_unit_test(the_end_of_the_other_side_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
