/*
 * The publishers of the load: keep-alive HTTP connections with one POST outstanding each. Without a
 * rate the answer to one event sends the next; with a rate a timer makes events due, and an event's
 * latency counts from when it was due, whether or not a connection was free for it.
 */
#include "load.h"

#include "load_mark.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define ANSWER_BYTES 4096

struct load_publisher {
    struct load_peer peer;
    unsigned index;
    uint32_t number; /* of its next event */
    bool connected;
    bool busy; /* a request is out and its answer has not all come */
    unsigned answer_bytes;
    char answer[ANSWER_BYTES];
};

/* The request that all share; the mark is patched in before each sending. */
static char *request;
static size_t request_bytes;
static char *request_mark;

static void on_ready(struct load *load, struct load_peer *peer, uint32_t events);
static void on_pace(struct load *load, struct load_peer *peer, uint32_t events);

static void make_request(const struct load_options *options)
{
    static const char data_start[] = "{\"mark\":\"";
    static const char fill_start[] = "\",\"fill\":\"";
    static const char data_end[] = "\"}";
    size_t fixed = sizeof data_start + sizeof fill_start + sizeof data_end - 3 + MARK_DIGITS;
    int fill = (int)(options->data_bytes - fixed);
    char *body;
    /* Blanks where the mark goes, zeros to fill. */
    int body_bytes =
        asprintf(&body, "{\"type\":\"bench\",\"channel\":\"bench\"%s,\"data\":%s%*s%s%0*d%s}",
                 options->durable ? ",\"durable\":true" : "", data_start, MARK_DIGITS, "",
                 fill_start, fill, 0, data_end);
    int count = asprintf(&request,
                         "POST /websocket/broadcast HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                         "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                         options->port, body_bytes, body);
    if (body_bytes < 0 || count < 0)
        abort();
    free(body);
    request_bytes = (size_t)count;
    request_mark = strstr(request, data_start) + sizeof data_start - 1;
}

void load_publishers_new(struct load *load)
{
    make_request(&load->options);
    load->publishers = calloc(load->options.publishers, sizeof *load->publishers);
    if (!load->publishers)
        abort();
    for (unsigned i = 0; i < load->options.publishers; ++i) {
        load->publishers[i].peer.ready = on_ready;
        load->publishers[i].index = i;
        if (load_connect(load, &load->publishers[i].peer) < 0)
            return;
    }
}

static void publish(struct load *load, struct load_publisher *publisher)
{
    int64_t time_us = mark_clock_us();
    if (load->options.rate > 0)
        time_us = load->first_due_us + (int64_t)load->published * 1000000 / load->options.rate;
    struct mark mark = {publisher->index, publisher->number++, time_us};
    mark_write(request_mark, &mark);
    publisher->busy = true;
    ++load->published;
    if (send(publisher->peer.fd, request, request_bytes, MSG_NOSIGNAL) != (ssize_t)request_bytes)
        load_break(load, "cannot send a publication: %s", strerror(errno));
}

static bool may_publish(const struct load *load, const struct load_publisher *publisher)
{
    return publisher->connected && !publisher->busy && load->published < load->due;
}

static void publish_due(struct load *load)
{
    for (unsigned i = 0; i < load->options.publishers && load->published < load->due; ++i) {
        if (may_publish(load, &load->publishers[i]))
            publish(load, &load->publishers[i]);
    }
}

static void start_pace(struct load *load)
{
    long interval_ns = 1000000000L / load->options.rate;
    struct timespec interval = {interval_ns / 1000000000L, interval_ns % 1000000000L};
    struct itimerspec timer = {.it_interval = interval, .it_value = interval};
    if (load->pace.fd == 0) {
        load->pace.ready = on_pace;
        load->pace.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        load_watch(load, &load->pace, EPOLL_CTL_ADD, EPOLLIN);
    }
    load->first_due_us = mark_clock_us() + interval_ns / 1000;
    timerfd_settime(load->pace.fd, 0, &timer, NULL);
}

static void on_pace(struct load *load, struct load_peer *peer, uint32_t events)
{
    uint64_t passed;
    (void)events;
    if (read(peer->fd, &passed, sizeof passed) < 0)
        return;
    load->due += (unsigned)passed;
    if (load->due > load->goal)
        load->due = load->goal;
    publish_due(load);
}

void load_publishers_begin(struct load *load, unsigned events)
{
    load->goal = events;
    load->published = 0;
    load->acked = 0;
    load->due = load->options.rate > 0 ? 0 : events;
    if (load->options.rate > 0 && events > 0)
        start_pace(load);
    else
        publish_due(load);
}

/* The length of the answer when all of it has come, else 0. */
static size_t answer_length(struct load *load, const struct load_publisher *publisher)
{
    const char *head_end = strstr(publisher->answer, "\r\n\r\n");
    if (!head_end)
        return 0;
    if (strncmp(publisher->answer + 8, " 200", 4) != 0)
        load_break(load, "a publication was answered with: %.60s", publisher->answer);
    const char *length = strcasestr(publisher->answer, "\r\ncontent-length:");
    if (!length || length > head_end) {
        load_break(load, "a publication was answered without Content-Length");
        return 0;
    }
    size_t total = (size_t)(head_end - publisher->answer) + 4 + strtoul(length + 17, NULL, 10);
    return total <= publisher->answer_bytes ? total : 0;
}

static void take_answer(struct load *load, struct load_publisher *publisher)
{
    publisher->answer[publisher->answer_bytes] = '\0';
    size_t length = answer_length(load, publisher);
    if (length == 0)
        return;
    if (!publisher->busy || length != publisher->answer_bytes) {
        load_break(load, "an answer came to no request");
        return;
    }
    publisher->answer_bytes = 0;
    publisher->busy = false;
    ++load->acked;
    if (may_publish(load, publisher))
        publish(load, publisher);
}

static void on_ready(struct load *load, struct load_peer *peer, uint32_t events)
{
    struct load_publisher *publisher = (struct load_publisher *)peer;
    if (!publisher->connected && events & EPOLLOUT) {
        publisher->connected = true;
        load_watch(load, peer, EPOLL_CTL_MOD, EPOLLIN);
        if (may_publish(load, publisher))
            publish(load, publisher);
        return;
    }
    size_t room = sizeof publisher->answer - publisher->answer_bytes - 1;
    ssize_t got = recv(peer->fd, publisher->answer + publisher->answer_bytes, room, MSG_DONTWAIT);
    if (got > 0) {
        publisher->answer_bytes += (unsigned)got;
        take_answer(load, publisher);
    } else if (got == 0 || errno != EAGAIN) {
        load_break(load, "the server closed a publisher's connection: %s",
                   got == 0 ? "end of stream" : strerror(errno));
    }
}
