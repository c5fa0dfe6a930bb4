/* Bytes and files to an HTTP connection, as far as the peer takes them; the rest is kept. [loop] */
#include "host/transport/http.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILE_PIECE_BYTES 262144u /* between two looks at the other connections */

static bool would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS;
}

bool jmh_out_has_more(const struct jmh_http *http)
{
    return http->unsent.len > 0 || http->file >= 0;
}

/* Keep what is behind the first `sent` bytes of head and body. */
static enum jmh_out keep_rest(struct jmh_http *http, jm_span head, jm_span body, size_t sent)
{
    size_t of_head = sent < head.len ? sent : head.len;
    size_t of_body = sent - of_head;
    jmh_buf_add(&http->unsent, head.ptr + of_head, head.len - of_head);
    if (body.len > 0) {
        jmh_buf_add(&http->unsent, body.ptr + of_body, body.len - of_body);
    }
    return http->unsent.failed ? JMH_OUT_DEAD : JMH_OUT_WAITS;
}

enum jmh_out jmh_out_send(struct jmh_http *http, jm_span head, jm_span body)
{
    if (http->unsent.len > 0) {
        return keep_rest(http, head, body, 0);
    }
    struct iovec parts[] = {{(void *)(uintptr_t)head.ptr, head.len},
                            {(void *)(uintptr_t)body.ptr, body.len}};
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = body.len > 0 ? 2 : 1};
    ssize_t sent =
        sendmsg(http->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (http->file >= 0 ? MSG_MORE : 0));
    if (sent < 0 && !would_block()) {
        return JMH_OUT_DEAD;
    }
    size_t done = sent < 0 ? 0 : (size_t)sent;
    return done == head.len + body.len ? JMH_OUT_DONE : keep_rest(http, head, body, done);
}

static enum jmh_out send_unsent(struct jmh_http *http)
{
    size_t left = http->unsent.len - http->unsent_at;
    if (left > 0) {
        ssize_t sent =
            send(http->fd, http->unsent.data + http->unsent_at, left, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && !would_block()) {
            return JMH_OUT_DEAD;
        }
        http->unsent_at += sent < 0 ? 0 : (size_t)sent;
        if (http->unsent_at < http->unsent.len) {
            return JMH_OUT_WAITS;
        }
    }
    jmh_buf_fini(&http->unsent);
    http->unsent_at = 0;
    return JMH_OUT_DONE;
}

/* The next piece is fetched from the disk while this one is on its way. */
static enum jmh_out send_file_piece(struct jmh_http *http)
{
    size_t piece = http->file_left < FILE_PIECE_BYTES ? (size_t)http->file_left : FILE_PIECE_BYTES;
    off_t at = (off_t)http->file_at;
    ssize_t sent = sendfile(http->fd, http->file, &at, piece);
    if (sent == 0 || (sent < 0 && !would_block())) {
        return JMH_OUT_DEAD; /* the file has become shorter than was promised, or the peer is gone */
    }
    http->file_at = (uint64_t)at;
    http->file_left -= sent < 0 ? 0 : (uint64_t)sent;
    if (http->file_left > 0) {
        (void)posix_fadvise(http->file, at, FILE_PIECE_BYTES, POSIX_FADV_WILLNEED);
        return JMH_OUT_WAITS;
    }
    (void)close(http->file);
    http->file = -1;
    return JMH_OUT_DONE;
}

enum jmh_out jmh_out_send_file(struct jmh_http *http, jm_span head, int fd_take, uint64_t offset,
                               uint64_t length)
{
    http->file = fd_take;
    http->file_at = offset;
    http->file_left = length;
    enum jmh_out out = jmh_out_send(http, head, (jm_span){NULL, 0});
    return out == JMH_OUT_DONE ? send_file_piece(http) : out;
}

enum jmh_out jmh_out_go_on(struct jmh_http *http)
{
    enum jmh_out out = send_unsent(http);
    return out == JMH_OUT_DONE && http->file >= 0 ? send_file_piece(http) : out;
}
