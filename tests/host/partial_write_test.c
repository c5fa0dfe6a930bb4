/* Frames that leave in pieces: clients whose sockets take little, and who read in turns, so that each
 * of them is left in the middle of a frame again and again. Whatever they do meanwhile, each gets every
 * frame whole, in order, as soon as it reads. */
#include "check.h"
#include "dice.h"
#include "listen.h"

#include "client/wait.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define CLIENTS 5
#define RECEIVE_BYTES 65536 /* of a client's socket, which does not grow then */
#define FILL_MAX 120000u    /* of an event: more than one write of the host takes */
#define READ_MS 60000       /* for one frame; a wake-up that is lost would never come */

struct reader {
    struct jmt_ws ws;
    int seen; /* events */
};

static struct studio studio;
static struct reader readers[CLIENTS];
static struct dice dice;
static char fill[FILL_MAX + 1];
static size_t sizes[4096]; /* of the events, by their number */

static void open_reader(struct reader *reader)
{
    int bytes = RECEIVE_BYTES;
    *reader = (struct reader){.seen = 0};
    listen_open(&reader->ws, &studio, "jobs");
    assert_int_equal(setsockopt(reader->ws.stream.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes),
                     0);
}

static void publish(int number)
{
    bool is_large = dice_roll(&dice, 4) == 0;
    sizes[number] = dice_roll(&dice, is_large ? FILL_MAX : 2000);
    memset(fill, 'a' + number % 26, sizes[number]);
    fill[sizes[number]] = '\0';
    ask_broadcast(&studio, "jobs", "probe", json_pack("{s:i, s:s}", "number", number, "fill", fill),
                  false);
}

/* The event must be the next one, with every letter of it. */
static void check_event(struct reader *reader, const struct jmt_frame *frame)
{
    json_t *event = json_loadb(frame->payload, frame->bytes, 0, NULL);
    if (!event)
        fail_msg("a frame of %zu bytes behind event %d is no JSON", frame->bytes, reader->seen - 1);
    if (strcmp(text_of(event, "type"), "probe") == 0) {
        const char *text = text_of(event, "fill");
        char letters[] = {(char)('a' + reader->seen % 26), '\0'};
        expect_int(event, "number", reader->seen);
        assert_int_equal(strlen(text), sizes[reader->seen]);
        assert_int_equal(strspn(text, letters), sizes[reader->seen]);
        reader->seen++;
    } else {
        expect_text(event, "type", "pong");
    }
    json_decref(event);
}

/* One frame, which may have to come in pieces. */
static void read_frame(struct reader *reader)
{
    struct jmt_frame frame;
    must(jmt_ws_receive_frame(&reader->ws, &frame, READ_MS));
    if (frame.opcode == JMT_OP_TEXT)
        check_event(reader, &frame);
    else if (frame.opcode == JMT_OP_PING)
        must(jmt_ws_send_frame(&reader->ws, &(struct jmt_frame){.opcode = JMT_OP_PONG,
                                                                .payload = frame.payload,
                                                                .bytes = frame.bytes}));
    else
        assert_int_equal(frame.opcode, JMT_OP_PONG);
}

/* Some bytes of whatever is on its way, and no more: the rest of the frame has to wait. */
static void nibble(struct reader *reader)
{
    struct pollfd ready = {.fd = reader->ws.stream.fd, .events = POLLIN};
    for (unsigned left = dice_roll(&dice, 8); left > 0 && poll(&ready, 1, 0) == 1; left--)
        assert_true(jmt_stream_fill(&reader->ws.stream, jmt_deadline_after(READ_MS)) > 0);
}

/* What a client says while it is being sent something. */
static void speak(struct reader *reader)
{
    if (dice_roll(&dice, 2) == 0)
        must(jmt_ws_send_text(&reader->ws, "{\"type\":\"ping\"}"));
    else
        must(jmt_ws_send_frame(
            &reader->ws,
            &(struct jmt_frame){.opcode = JMT_OP_PING, .payload = "are you there", .bytes = 13}));
}

static void act(struct reader *reader, int published)
{
    unsigned choice = dice_roll(&dice, 16);
    if (choice == 0)
        speak(reader);
    else if (choice < 8)
        nibble(reader);
    else if (reader->seen < published)
        read_frame(reader);
}

static void test_partial_writes(void **state)
{
    int count = studio_rounds(300, 4000);
    (void)state;
    /* Who is left in the middle of a frame may take long to answer a ping. */
    studio_open_diary(&studio, json_pack("{s:{s:i, s:i}}", "limits", "ping_interval_s", 3600,
                                         "stall_timeout_s", 3600));
    for (int i = 0; i < CLIENTS; i++)
        open_reader(&readers[i]);
    for (int number = 0; number < count; number++) {
        publish(number);
        /* Mostly nobody reads, so that more is waiting than the kernel takes. */
        unsigned acts = dice_roll(&dice, 16) == 0 ? dice_roll(&dice, 60 * CLIENTS) : 0;
        for (; acts > 0; acts--)
            act(&readers[dice_roll(&dice, CLIENTS)], number + 1);
    }
    for (int i = 0; i < CLIENTS; i++) {
        while (readers[i].seen < count)
            read_frame(&readers[i]);
        jmt_ws_fini(&readers[i].ws);
    }
    studio_close(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_partial_writes)};
    dice_init(&dice, "partial_write_test");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
