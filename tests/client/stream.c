/* A TCP connection with its unread bytes: see stream.h. */
#include "stream.h"

#include "error.h"
#include "wait.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 65536

static int finish_connect(int fd, int port, int64_t deadline_ms)
{
    if (jmt_fd_wait(fd, POLLOUT, deadline_ms) < 0)
        return jmt_error_set("cannot connect to port %d: no answer in time", port);
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        return jmt_error_set("cannot connect to port %d: %s", port, strerror(error));
    return 0;
}

int jmt_stream_open(struct jmt_stream *stream_out, int port, int timeout_ms)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *stream_out = (struct jmt_stream){.fd = -1};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return jmt_error_set("cannot open a socket: %s", strerror(errno));
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int error = 0;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
        error = errno == EINPROGRESS
                    ? finish_connect(fd, port, jmt_deadline_after(timeout_ms))
                    : jmt_error_set("cannot connect to port %d: %s", port, strerror(errno));
    }
    if (error < 0) {
        close(fd);
        return -1;
    }
    stream_out->fd = fd;
    return 0;
}

void jmt_stream_close(struct jmt_stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    jmt_buffer_fini(&stream->input);
    *stream = (struct jmt_stream){.fd = -1};
}

int jmt_stream_send(struct jmt_stream *stream, const void *bytes, size_t count, int64_t deadline_ms)
{
    const char *next = bytes;
    while (count > 0) {
        ssize_t sent = send(stream->fd, next, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            next += sent;
            count -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (jmt_fd_wait(stream->fd, POLLOUT, deadline_ms) < 0)
                return jmt_error_set("cannot send %zu more bytes: the peer does not read", count);
        } else if (errno != EINTR) {
            return jmt_error_set("cannot send: %s", strerror(errno));
        }
    }
    return 0;
}

ptrdiff_t jmt_stream_fill(struct jmt_stream *stream, int64_t deadline_ms)
{
    if (stream->fd < 0)
        return jmt_error_set("cannot receive: the connection is closed");
    jmt_buffer_drop(&stream->input, stream->taken);
    stream->taken = 0;
    for (;;) {
        char *end = jmt_buffer_reserve(&stream->input, READ_BYTES);
        ssize_t got = recv(stream->fd, end, READ_BYTES, MSG_DONTWAIT);
        if (got >= 0) {
            stream->input.used += (size_t)got;
            return got;
        }
        if (errno == EAGAIN) {
            if (jmt_fd_wait(stream->fd, POLLIN, deadline_ms) < 0)
                return -1;
        } else if (errno != EINTR) {
            return jmt_error_set("cannot receive: %s", strerror(errno));
        }
    }
}

int jmt_stream_need(struct jmt_stream *stream, size_t count, int64_t deadline_ms)
{
    while (jmt_stream_unread_count(stream) < count) {
        ptrdiff_t got = jmt_stream_fill(stream, deadline_ms);
        if (got < 0)
            return -1;
        if (got == 0)
            return jmt_error_set("the peer closed the connection, %zu of %zu bytes had come",
                                 jmt_stream_unread_count(stream), count);
    }
    return 0;
}

const char *jmt_stream_unread(const struct jmt_stream *stream)
{
    return stream->input.bytes ? stream->input.bytes + stream->taken : "";
}

size_t jmt_stream_unread_count(const struct jmt_stream *stream)
{
    return stream->input.used - stream->taken;
}

void jmt_stream_take(struct jmt_stream *stream, size_t count)
{
    stream->taken += count;
}

const char *jmt_stream_line(struct jmt_stream *stream, int64_t deadline_ms)
{
    size_t seen = 0;
    for (;;) {
        size_t unread = jmt_stream_unread_count(stream);
        if (unread > seen) {
            char *start = stream->input.bytes + stream->taken;
            char *newline = memchr(start + seen, '\n', unread - seen);
            if (newline) {
                jmt_stream_take(stream, (size_t)(newline - start) + 1);
                if (newline > start && newline[-1] == '\r')
                    --newline;
                *newline = '\0';
                return start;
            }
        }
        seen = unread;
        if (jmt_stream_need(stream, unread + 1, deadline_ms) < 0)
            return NULL;
    }
}
