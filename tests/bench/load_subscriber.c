/*
 * The subscribers of the load. Each shakes hands, subscribes to one channel, and from then on checks
 * of every event that it is the next of its publisher, and folds the order of all into one number
 * that must come out the same for every subscriber.
 */
#include "load.h"

#include "load_mark.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define OPENING_AT_MOST 64
#define INPUT_BYTES (256 * 1024)

enum stage { CONNECTING, SHAKING_HANDS, SUBSCRIBING, LISTENING };

struct load_subscriber {
    struct load_peer peer;
    enum stage stage;
    bool bystander;
    unsigned rest_bytes;
    char *rest;     /* the front of a frame that has not all come */
    uint32_t *next; /* the number that each publisher's next event must have */
    uint64_t order; /* of all events so far */
};

static char input[INPUT_BYTES];

static void on_ready(struct load *load, struct load_peer *peer, uint32_t events);

void load_subscribers_new(struct load *load)
{
    unsigned count = load->options.subscribers + load->options.bystanders;
    load->subscribers = calloc(count + 1, sizeof *load->subscribers);
    if (!load->subscribers)
        abort();
    for (unsigned i = 0; i < count; ++i) {
        struct load_subscriber *subscriber = &load->subscribers[i];
        subscriber->peer.ready = on_ready;
        subscriber->bystander = i >= load->options.subscribers;
        if (subscriber->bystander)
            continue;
        subscriber->next = calloc(load->options.publishers, sizeof *subscriber->next);
        if (!subscriber->next)
            abort();
    }
}

void load_subscribers_open_more(struct load *load)
{
    unsigned count = load->options.subscribers + load->options.bystanders;
    while (load->opening < OPENING_AT_MOST && load->open + load->opening < count) {
        struct load_subscriber *next = &load->subscribers[load->open + load->opening];
        if (load_connect(load, &next->peer) < 0)
            return;
        ++load->opening;
    }
}

bool load_subscribers_agree(struct load *load)
{
    for (unsigned i = 1; i < load->options.subscribers; ++i) {
        if (load->subscribers[i].order == load->subscribers[0].order)
            continue;
        load_break(load, "subscribers 0 and %u saw the events in different orders", i);
        return false;
    }
    return true;
}

static void send_bytes(struct load *load, struct load_subscriber *subscriber, const char *bytes,
                       size_t count)
{
    if (send(subscriber->peer.fd, bytes, count, MSG_NOSIGNAL) != (ssize_t)count)
        load_break(load, "cannot send to the server: %s", strerror(errno));
}

/* A client's text or pong frame of less than 126 bytes; the mask is zero, which leaves it as it is. */
static void send_frame(struct load *load, struct load_subscriber *subscriber, unsigned opcode,
                       const char *payload, size_t count)
{
    char frame[6 + 125] = {(char)(0x80 | opcode), (char)(0x80 | count)};
    memcpy(frame + 6, payload, count);
    send_bytes(load, subscriber, frame, 6 + count);
}

static void shake_hands(struct load *load, struct load_subscriber *subscriber)
{
    char text[256];
    int count = snprintf(text, sizeof text,
                         "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n",
                         load->options.port);
    subscriber->stage = SHAKING_HANDS;
    load_watch(load, &subscriber->peer, EPOLL_CTL_MOD, EPOLLIN);
    send_bytes(load, subscriber, text, (size_t)count);
}

static size_t take_handshake(struct load *load, struct load_subscriber *subscriber,
                             const char *bytes, size_t count)
{
    const char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (count < 12 || memcmp(bytes + 9, "101", 3) != 0)
        load_break(load, "the server refused a WebSocket: %.40s", bytes);
    const char *text = subscriber->bystander ? "{\"type\":\"subscribe\",\"channels\":[\"quiet\"]}"
                                             : "{\"type\":\"subscribe\",\"channels\":[\"bench\"]}";
    subscriber->stage = SUBSCRIBING;
    send_frame(load, subscriber, 1, text, strlen(text));
    return (size_t)(end - bytes) + 4;
}

static void note_event(struct load *load, struct load_subscriber *subscriber,
                       const struct mark *mark, int64_t now_us)
{
    if (subscriber->bystander || mark->publisher >= load->options.publishers) {
        load_break(load, "an event came to a subscriber of another channel");
        return;
    }
    uint32_t *next = &subscriber->next[mark->publisher];
    if (mark->number != *next) {
        load_break(load, "event %u of publisher %u came where %u was due: %s", mark->number,
                   mark->publisher, *next,
                   mark->number > *next ? "an event was lost" : "doubled or out of order");
        return;
    }
    ++*next;
    subscriber->order = (subscriber->order ^ (mark->publisher + 1)) * 0x9e3779b97f4a7c15u;
    ++load->deliveries;
    histogram_add(&load->latency, now_us - mark->time_us);
}

static void take_message(struct load *load, struct load_subscriber *subscriber, const char *text,
                         size_t count, int64_t now_us)
{
    static const char confirmed[] = "\"subscription_confirmed\"";
    struct mark mark;
    if (subscriber->stage == LISTENING) {
        if (mark_find(text, count, &mark))
            note_event(load, subscriber, &mark, now_us);
    } else if (memmem(text, count, confirmed, sizeof confirmed - 1)) {
        subscriber->stage = LISTENING;
        --load->opening;
        ++load->open;
        load_subscribers_open_more(load);
    }
}

/* Takes one whole frame off the front: its length, or 0 when it has not all come. */
static size_t take_frame(struct load *load, struct load_subscriber *subscriber, const char *bytes,
                         size_t count, int64_t now_us)
{
    const uint8_t *head = (const uint8_t *)bytes;
    size_t head_bytes = 2;
    if (count < 2)
        return 0;
    size_t length = head[1];
    if (length >= 126) {
        size_t length_bytes = length == 126 ? 2 : 8;
        head_bytes += length_bytes;
        if (count < head_bytes)
            return 0;
        length = 0;
        for (size_t i = 0; i < length_bytes; ++i)
            length = length << 8 | head[2 + i];
    }
    if (count - head_bytes < length)
        return 0;
    if (head[0] == 0x81)
        take_message(load, subscriber, bytes + head_bytes, length, now_us);
    else if (head[0] == 0x89 && length < 126)
        send_frame(load, subscriber, 10, bytes + head_bytes, length);
    else
        load_break(load, "the server sent a subscriber a frame that begins with 0x%02x%02x",
                   head[0], head[1]);
    return head_bytes + length;
}

static void take_input(struct load *load, struct load_subscriber *subscriber, size_t count)
{
    int64_t now_us = mark_clock_us();
    const char *at = input;
    size_t taken = 1;
    while (taken > 0 && count > 0 && load->broken[0] == '\0') {
        taken = subscriber->stage == SHAKING_HANDS
                    ? take_handshake(load, subscriber, at, count)
                    : take_frame(load, subscriber, at, count, now_us);
        at += taken;
        count -= taken;
    }
    free(subscriber->rest);
    subscriber->rest = NULL;
    subscriber->rest_bytes = (unsigned)count;
    if (count == 0)
        return;
    subscriber->rest = malloc(count);
    if (!subscriber->rest)
        abort();
    memcpy(subscriber->rest, at, count);
}

static void on_ready(struct load *load, struct load_peer *peer, uint32_t events)
{
    struct load_subscriber *subscriber = (struct load_subscriber *)peer;
    if (subscriber->stage == CONNECTING && events & EPOLLOUT) {
        shake_hands(load, subscriber);
        return;
    }
    size_t kept = subscriber->rest_bytes;
    if (kept > 0)
        memcpy(input, subscriber->rest, kept);
    ssize_t got = recv(peer->fd, input + kept, sizeof input - kept, MSG_DONTWAIT);
    if (got > 0)
        take_input(load, subscriber, kept + (size_t)got);
    else if (got == 0 || errno != EAGAIN)
        load_break(load, "the server closed a subscriber's connection: %s",
                   got == 0 ? "end of stream" : strerror(errno));
}
