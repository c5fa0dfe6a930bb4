/* A crowd of clients and those who feed it: see crowd.h. */
#include "crowd.h"

#include "check.h"
#include "client/wait.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define TEXT_BYTES 700
#define RUN_MS 60000
#define EVENTS_AT_ONCE 64

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

bool crowd_take(int last[CROWD_PUBLISHERS], const char *text, double *sent_ms_out)
{
    const char *at = strstr(text, "\"p\":");
    int publisher;
    int n;
    if (!at || sscanf(at, "\"p\":%d,\"n\":%d,\"at\":%lf", &publisher, &n, sent_ms_out) != 3 ||
        publisher < 0 || publisher >= CROWD_PUBLISHERS || n != last[publisher] + 1)
        return false;
    last[publisher] = n;
    return true;
}

static bool publish(struct crowd_publisher *publisher, struct jmt_http *http, int n)
{
    char body[TEXT_BYTES + 256];
    struct jmt_request request = {.method = "POST", .path = "/websocket/broadcast", .body = body};
    struct jmt_response response;
    snprintf(body, sizeof body,
             "{\"type\":\"load\",\"channel\":\"jobs\",\"durable\":true,"
             "\"data\":{\"p\":%d,\"n\":%d,\"at\":%.3f,\"text\":\"%0*d\"}}",
             publisher->number, n, now_ms(), TEXT_BYTES, n);
    if (jmt_http_exchange(http, &request, &response) < 0)
        return false;
    publisher->refused += response.status != 200;
    jmt_response_fini(&response);
    return true;
}

static void *run_publisher(void *user)
{
    struct crowd_publisher *publisher = user;
    struct jmt_http http;
    bool goes_on = jmt_http_open(&http, publisher->studio->host.port) == 0;
    double start_ms = now_ms();
    for (int i = 0; goes_on && i < publisher->count; i++) {
        if (publisher->per_second > 0) {
            double due_ms = start_ms + i * 1000.0 / publisher->per_second;
            double early_ms = due_ms - now_ms();
            if (early_ms >= 1)
                poll(NULL, 0, (int)early_ms);
        }
        goes_on = publish(publisher, &http, publisher->first + i);
    }
    publisher->refused += !goes_on;
    jmt_http_close(&http);
    return NULL;
}

void crowd_open(struct crowd *crowd_out, const struct studio *studio, int size)
{
    *crowd_out = (struct crowd){.size = size};
    crowd_out->members = calloc((size_t)size, sizeof *crowd_out->members);
    assert_non_null(crowd_out->members);
    for (int i = 0; i < size; i++)
        listen_open(&crowd_out->members[i].ws, studio, "jobs");
}

void crowd_close(struct crowd *crowd)
{
    for (int i = 0; i < crowd->size; i++)
        jmt_ws_fini(&crowd->members[i].ws);
    free(crowd->members);
    *crowd = (struct crowd){0};
}

static void count_latency(struct crowd *crowd, double sent_ms)
{
    long tenths = (long)((now_ms() - sent_ms) * 10);
    long last = CROWD_LATENCY_MAX_MS * 10 - 1;
    crowd->latencies[tenths < 0 ? 0 : tenths > last ? last : tenths]++;
    crowd->deliveries++;
}

static double percentile_ms(const struct crowd *crowd, double share)
{
    long wanted = (long)((double)crowd->deliveries * share);
    long tenths = 0;
    for (long seen = crowd->latencies[0]; seen < wanted; seen += crowd->latencies[tenths])
        tenths++;
    return (double)(tenths + 1) / 10;
}

/* The host asks from time to time whether a client that says nothing is still there. */
static void answer_ping(struct crowd_member *member, const struct jmt_frame *ping)
{
    struct jmt_frame pong = *ping;
    pong.opcode = JMT_OP_PONG;
    pong.unmasked = false;
    if (ping->opcode == JMT_OP_PING)
        must(jmt_ws_send_frame(&member->ws, &pong));
    else if (ping->opcode == JMT_OP_CLOSE)
        member->fault = "the host closed the connection";
}

/* All frames that have come. */
static void read_member(struct crowd *crowd, struct crowd_member *member)
{
    do {
        struct jmt_frame frame;
        double sent_ms;
        char head[512];
        if (jmt_ws_receive_frame(&member->ws, &frame, LISTEN_MS) < 0) {
            member->fault = "the connection ended";
            return;
        }
        if (frame.opcode != JMT_OP_TEXT) {
            answer_ping(member, &frame);
            continue;
        }
        size_t length = frame.bytes < sizeof head ? frame.bytes : sizeof head - 1;
        memcpy(head, frame.payload, length);
        head[length] = '\0';
        if (!crowd_take(member->last, head, &sent_ms))
            member->fault = "an event is missing, came twice or out of order";
        count_latency(crowd, sent_ms);
    } while (!member->fault && jmt_stream_unread_count(&member->ws.stream) > 0);
}

static bool has_all(const struct crowd *crowd, const struct crowd_member *member)
{
    return memcmp(member->last, crowd->sent, sizeof crowd->sent) == 0;
}

/* Until every member has everything. */
static void read_all(struct crowd *crowd, int epoll_fd)
{
    int64_t deadline_ms = jmt_deadline_after(RUN_MS);
    int left = crowd->size;
    while (left > 0) {
        struct epoll_event events[EVENTS_AT_ONCE];
        int count = epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, 1000);
        if (jmt_clock_ms() >= deadline_ms)
            fail_msg("%d of %d clients have not got everything", left, crowd->size);
        for (int i = 0; i < count; i++) {
            struct crowd_member *member = events[i].data.ptr;
            bool had_all = has_all(crowd, member);
            read_member(crowd, member);
            if (member->fault)
                fail_msg("client %d: %s, behind %d and %d (%s)", (int)(member - crowd->members),
                         member->fault, member->last[0], member->last[1], jmt_error_text());
            left -= !had_all && has_all(crowd, member);
        }
    }
}

static void start_publishers(struct crowd *crowd, struct crowd_publisher *publishers,
                             const struct studio *studio, int count, int per_second)
{
    for (int i = 0; i < CROWD_PUBLISHERS; i++) {
        publishers[i] = (struct crowd_publisher){.studio = studio,
                                                 .number = i,
                                                 .first = crowd->sent[i] + 1,
                                                 .count = count,
                                                 .per_second = per_second};
        crowd->sent[i] += count;
    }
    for (int i = 0; i < CROWD_PUBLISHERS; i++)
        assert_int_equal(pthread_create(&publishers[i].thread, NULL, run_publisher, &publishers[i]),
                         0);
}

struct crowd_pace crowd_run(struct crowd *crowd, const struct studio *studio, int count,
                            int per_second)
{
    struct crowd_publisher publishers[CROWD_PUBLISHERS];
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    double start_ms = now_ms();
    memset(crowd->latencies, 0, sizeof crowd->latencies);
    crowd->deliveries = 0;
    for (int i = 0; i < crowd->size; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &crowd->members[i]};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, crowd->members[i].ws.stream.fd, &event);
    }
    start_publishers(crowd, publishers, studio, count, per_second);
    read_all(crowd, epoll_fd);
    double run_ms = now_ms() - start_ms;
    for (int i = 0; i < CROWD_PUBLISHERS; i++) {
        pthread_join(publishers[i].thread, NULL);
        assert_int_equal(publishers[i].refused, 0);
    }
    close(epoll_fd);
    assert_true(crowd->deliveries == (long)crowd->size * count * CROWD_PUBLISHERS);
    return (struct crowd_pace){.p99_ms = percentile_ms(crowd, 0.99), .run_ms = run_ms};
}
