/*
 * bench-floor: the least that a server can do for a fan-out over WebSocket. One thread, one epoll
 * set; an event is framed once, and all events of a busy moment go to a subscriber in one send. It
 * knows no plugins, keeps nothing and checks little: what junmaid costs is told as a ratio of it.
 */
#include "floor_channel.h"
#include "floor_parse.h"

#include "client/sha1.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define INPUT_BYTES 65536
#define TURN_EVENTS 1024
#define MAX_CONNS 1000000

/* Events are held back while more keep coming, but no longer and no more than this. */
#define HOLD_BYTES 65536
#define HOLD_US 1000

static int epoll_fd;
static struct floor_conn *conns; /* by descriptor */
static rlim_t conn_room;
static char input[INPUT_BYTES];
static char timestamp[32];
static int64_t turn_us;       /* when this turn of the loop began */
static int64_t held_since_us; /* when the oldest event that is held back came */
static size_t held_bytes;

static void begin_turn(void)
{
    static int64_t stamped_ms;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    turn_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    if (turn_us / 1000 == stamped_ms)
        return;
    stamped_ms = turn_us / 1000;
    struct tm utc;
    char text[32];
    gmtime_r(&now.tv_sec, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(timestamp, sizeof timestamp, "%.19s.%03dZ", text, (int)(stamped_ms % 1000));
}

static bool send_all(const struct floor_conn *conn, const char *bytes, size_t count)
{
    return send(conn->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)count;
}

static bool send_frame(const struct floor_conn *conn, unsigned opcode, const char *text,
                       size_t count)
{
    char frame[2 + 125];
    if (count > sizeof frame - 2)
        return false;
    frame[0] = (char)(0x80 | opcode);
    frame[1] = (char)count;
    memcpy(frame + 2, text, count);
    return send_all(conn, frame, count + 2);
}

#define GOOD_BODY "{\"message\":\"Message broadcasted successfully\",\"success\":true}\n"
#define BAD_BODY "{\"error\":\"The request is none that the floor knows\"}\n"
_Static_assert(sizeof GOOD_BODY - 1 == 62 && sizeof BAD_BODY - 1 == 53, "Content-Length");

static bool answer(const struct floor_conn *conn, int status)
{
    static const char good[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Length: 62\r\n\r\n" GOOD_BODY;
    static const char bad[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"
                              "Content-Length: 53\r\n\r\n" BAD_BODY;
    return status == 200 ? send_all(conn, good, sizeof good - 1)
                         : send_all(conn, bad, sizeof bad - 1);
}

static bool upgrade(struct floor_conn *conn, struct span key)
{
    static const char welcome[] = "{\"type\":\"connection_established\",\"client_id\":1}";
    char accept_key[JMT_ACCEPT_BYTES];
    char text[256];
    jmt_accept_key(key.bytes, key.count, accept_key);
    int count = snprintf(text, sizeof text,
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n%c%c%s",
                         accept_key, 0x81, (int)sizeof welcome - 1, welcome);
    conn->websocket = true;
    return send_all(conn, text, (size_t)count);
}

static bool broadcast(const struct floor_conn *conn, struct span body)
{
    struct floor_broadcast event;
    struct floor_channel *channel =
        floor_parse_broadcast(body, &event) ? floor_channel_get(event.channel) : NULL;
    if (!channel)
        return answer(conn, 400);
    size_t before = floor_channel_pending(channel);
    floor_channel_append(channel, &event, timestamp);
    if (held_bytes == 0)
        held_since_us = turn_us;
    held_bytes += floor_channel_pending(channel) - before;
    return answer(conn, 200);
}

static bool subscribe(struct floor_conn *conn, struct span message)
{
    struct span name;
    char text[125];
    if (!floor_parse_subscribe(message, &name))
        return true;
    struct floor_channel *channel = floor_channel_get(name);
    if (!channel)
        return false;
    if (!conn->channel)
        floor_channel_join(channel, conn);
    int count =
        snprintf(text, sizeof text, "{\"type\":\"subscription_confirmed\",\"channels\":[\"%s\"]}",
                 channel->name);
    return send_frame(conn, 1, text, (size_t)count);
}

static ssize_t take_request(struct floor_conn *conn, const char *bytes, size_t count)
{
    struct floor_request request;
    ssize_t taken = floor_parse_request(bytes, count, &request);
    if (taken <= 0)
        return taken;
    bool done;
    if (request.ws_key.bytes)
        done = upgrade(conn, request.ws_key);
    else
        done = request.broadcast ? broadcast(conn, request.body) : answer(conn, 400);
    return done ? taken : -1;
}

static ssize_t take_frame(struct floor_conn *conn, char *bytes, size_t count)
{
    struct floor_frame frame;
    ssize_t taken = floor_parse_frame(bytes, count, &frame);
    if (taken <= 0)
        return taken;
    bool done = frame.opcode != 8;
    if (frame.opcode == 1)
        done = subscribe(conn, frame.payload);
    else if (frame.opcode == 9 && !conn->blocked)
        done = send_frame(conn, 10, frame.payload.bytes, frame.payload.count);
    return done ? taken : -1;
}

/* Reads once and handles all that has come whole; whether the connection lives on. */
static bool receive(struct floor_conn *conn)
{
    size_t count = conn->rest_bytes;
    if (count > 0)
        memcpy(input, conn->rest, count);
    free(conn->rest);
    conn->rest = NULL;
    conn->rest_bytes = 0;
    ssize_t got = recv(conn->fd, input + count, sizeof input - count, MSG_DONTWAIT);
    if (got <= 0)
        return got < 0 && errno == EAGAIN && count == 0;
    count += (size_t)got;

    char *at = input;
    ssize_t taken = 1;
    while (taken > 0 && count > 0) {
        taken = conn->websocket ? take_frame(conn, at, count) : take_request(conn, at, count);
        if (taken > 0) {
            at += taken;
            count -= (size_t)taken;
        }
    }
    if (taken < 0 || count == sizeof input)
        return false;
    if (count > 0) {
        conn->rest = malloc(count);
        if (!conn->rest)
            return false;
        memcpy(conn->rest, at, count);
        conn->rest_bytes = (unsigned)count;
    }
    return true;
}

static void drop(struct floor_conn *conn)
{
    if (conn->channel)
        floor_channel_leave(conn);
    free(conn->rest);
    close(conn->fd);
    *conn = (struct floor_conn){0};
}

static void accept_all(int listen_fd)
{
    int fd;
    int on = 1;
    while ((fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if ((rlim_t)fd >= conn_room) {
            close(fd);
            continue;
        }
        conns[fd].fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
            drop(&conns[fd]);
    }
}

static void run(int listen_fd)
{
    static struct epoll_event ready[TURN_EVENTS];
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listen_fd};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listen_fd, &event);
    for (;;) {
        int count = epoll_wait(epoll_fd, ready, TURN_EVENTS, held_bytes > 0 ? 0 : -1);
        begin_turn();
        for (int i = 0; i < count; ++i) {
            struct floor_conn *conn = &conns[ready[i].data.fd];
            if (ready[i].data.fd == listen_fd) {
                accept_all(listen_fd);
                continue;
            }
            if (ready[i].events & EPOLLOUT && conn->blocked)
                floor_conn_resume(conn, epoll_fd);
            if (ready[i].events & ~(uint32_t)EPOLLOUT && !receive(conn))
                drop(conn);
        }
        if (held_bytes > 0 &&
            (count <= 0 || held_bytes >= HOLD_BYTES || turn_us - held_since_us >= HOLD_US)) {
            floor_channels_flush(epoll_fd);
            held_bytes = 0;
        }
    }
}

static int listen_on(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 4096) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
        fprintf(stderr, "bench-floor: cannot listen on port %d: %s\n", port, strerror(errno));
        exit(1);
    }
    printf("bench-floor listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void end_now(int signal_number)
{
    (void)signal_number;
    _exit(0);
}

/* As many connections as the process may have files, in memory that is touched when it is used. */
static void make_conns(void)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    conn_room = files.rlim_cur < MAX_CONNS ? files.rlim_cur : MAX_CONNS;
    conns = calloc(conn_room, sizeof *conns);
    if (!conns)
        abort();
}

/* bench-floor [--port N]; other options, which junmaid has and the floor does not need, pass. */
int main(int argc, char **argv)
{
    int port = 0;
    for (int i = 1; i + 1 < argc; ++i) {
        if (strcmp(argv[i], "--port") == 0)
            port = (int)strtol(argv[i + 1], NULL, 10);
    }
    signal(SIGTERM, end_now);
    make_conns();
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    run(listen_on(port));
}
