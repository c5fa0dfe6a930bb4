/* Messages between the host and a worker process. See wire.h. */
#include "host/worker/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEEP_BYTES (4 * JMH_WIRE_READ_BYTES)

union fd_control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * JM_TASK_MAX_FDS)];
};

bool jmh_wire_put(struct jmh_wire_out *out, enum jmh_wire_kind kind, jm_span about, jm_span body,
                  const int *fds, uint32_t fd_count)
{
    struct jmh_wire_head head = {
        .kind = kind,
        .about_bytes = (uint32_t)about.len,
        .body_bytes = (uint32_t)body.len,
        .fd_count = fd_count,
    };
    size_t before = out->bytes.len;
    jmh_buf_add(&out->bytes, &head, sizeof head);
    jmh_buf_add_span(&out->bytes, about);
    jmh_buf_add_span(&out->bytes, body);
    if (out->bytes.failed) {
        out->bytes.len = before;
        out->bytes.failed = false;
        return false;
    }
    if (fd_count > 0) {
        out->fds = fds;
        out->fd_count = fd_count;
    }
    return true;
}

static void attach(struct msghdr *msg, union fd_control *control, const int *fds, uint32_t fd_count)
{
    size_t bytes = sizeof(int) * fd_count;
    *control = (union fd_control){0};
    msg->msg_control = control;
    msg->msg_controllen = CMSG_SPACE(bytes);
    struct cmsghdr *item = CMSG_FIRSTHDR(msg);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(bytes);
    memcpy(CMSG_DATA(item), fds, bytes);
}

/* A buffer that a large message has left behind is given back. */
static void forget(struct jmh_buf *bytes)
{
    if (bytes->cap > KEEP_BYTES) {
        jmh_buf_fini(bytes);
    } else {
        jmh_buf_clear(bytes);
    }
}

jm_status jmh_wire_send(int socket, struct jmh_wire_out *out)
{
    while (out->sent_bytes < out->bytes.len) {
        struct iovec piece = {out->bytes.data + out->sent_bytes, out->bytes.len - out->sent_bytes};
        struct msghdr msg = {.msg_iov = &piece, .msg_iovlen = 1};
        union fd_control control;
        if (out->fd_count > 0) {
            attach(&msg, &control, out->fds, out->fd_count);
        }
        ssize_t now = sendmsg(socket, &msg, MSG_NOSIGNAL);
        if (now >= 0) {
            out->sent_bytes += (size_t)now;
            out->fd_count = 0;
        } else if (errno != EINTR) {
            bool is_full = errno == EAGAIN || errno == EWOULDBLOCK;
            return is_full ? JM_EBUSY : errno == EPIPE ? JM_EGONE : JM_EIO;
        }
    }
    forget(&out->bytes);
    out->sent_bytes = 0;
    return JM_OK;
}

/* Keep the descriptors of one arrival; those beyond the limit are closed. */
static bool collect(const struct msghdr *msg, struct jmh_wire_in *in)
{
    bool fits = (msg->msg_flags & MSG_CTRUNC) == 0;
    const struct cmsghdr *item = CMSG_FIRSTHDR(msg);
    if (item == NULL || item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) {
        return fits;
    }
    size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(item) + i * sizeof fd, sizeof fd);
        if (in->fd_count < JM_TASK_MAX_FDS) {
            in->fds[in->fd_count++] = fd;
        } else {
            (void)close(fd);
            fits = false;
        }
    }
    return fits;
}

static void drop_taken(struct jmh_wire_in *in)
{
    if (in->taken_bytes == in->bytes.len) {
        forget(&in->bytes);
    } else if (in->taken_bytes > 0) {
        jmh_buf_consume(&in->bytes, in->taken_bytes);
    }
    in->taken_bytes = 0;
}

jm_status jmh_wire_receive(int socket, int flags, bool takes_fds, struct jmh_wire_in *in)
{
    drop_taken(in);
    char *at = jmh_buf_reserve(&in->bytes, JMH_WIRE_READ_BYTES);
    if (at == NULL) {
        in->bytes.failed = false;
        return JM_ENOMEM;
    }
    struct iovec piece = {at, JMH_WIRE_READ_BYTES};
    union fd_control control;
    struct msghdr msg = {.msg_iov = &piece, .msg_iovlen = 1};
    if (takes_fds) {
        msg.msg_control = &control;
        msg.msg_controllen = sizeof control;
    }
    ssize_t got;
    do {
        got = recvmsg(socket, &msg, flags | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        bool is_empty = errno == EAGAIN || errno == EWOULDBLOCK;
        return is_empty ? JM_EBUSY : errno == ECONNRESET ? JM_EGONE : JM_EIO;
    }
    in->bytes.len += (size_t)got;
    if (takes_fds && !collect(&msg, in)) {
        return JM_EINVAL;
    }
    return got == 0 ? JM_EGONE : JM_OK;
}

static bool is_legal(const struct jmh_wire_head *head)
{
    switch (head->kind) {
    case JMH_WIRE_READY:
    case JMH_WIRE_CANCEL:
        return head->about_bytes == 0 && head->body_bytes == 0 && head->fd_count == 0;
    case JMH_WIRE_PROGRESS:
        return head->about_bytes <= JMH_WIRE_ABOUT_MAX_BYTES &&
               head->body_bytes <= JMH_WIRE_DETAIL_MAX_BYTES && head->fd_count == 0;
    case JMH_WIRE_RUN:
    case JMH_WIRE_DONE:
        return head->about_bytes <= JMH_WIRE_ABOUT_MAX_BYTES &&
               head->body_bytes <= JMH_WIRE_BODY_MAX_BYTES && head->fd_count <= JM_TASK_MAX_FDS;
    default:
        return false;
    }
}

jm_status jmh_wire_next(struct jmh_wire_in *in, struct jmh_wire_message *message_out)
{
    drop_taken(in);
    struct jmh_wire_head head;
    if (in->bytes.len < sizeof head) {
        return JM_EBUSY;
    }
    memcpy(&head, in->bytes.data, sizeof head);
    if (!is_legal(&head)) {
        return JM_EINVAL;
    }
    size_t whole = sizeof head + head.about_bytes + head.body_bytes;
    if (in->bytes.len < whole) {
        return JM_EBUSY;
    }
    if (head.fd_count > in->fd_count) {
        return JM_EINVAL;
    }
    const char *text = in->bytes.data + sizeof head;
    *message_out = (struct jmh_wire_message){
        .kind = (enum jmh_wire_kind)head.kind,
        .about = {text, head.about_bytes},
        .body = {text + head.about_bytes, head.body_bytes},
        .fd_count = head.fd_count,
    };
    in->taken_bytes = whole;
    return JM_OK;
}

void jmh_wire_take_fds(struct jmh_wire_in *in, uint32_t count, int *fds_out)
{
    memcpy(fds_out, in->fds, count * sizeof(int));
    in->fd_count -= count;
    memmove(in->fds, in->fds + count, in->fd_count * sizeof(int));
}

void jmh_wire_out_fini(struct jmh_wire_out *out)
{
    jmh_buf_fini(&out->bytes);
    *out = (struct jmh_wire_out){0};
}

void jmh_wire_in_fini(struct jmh_wire_in *in)
{
    for (uint32_t i = 0; i < in->fd_count; i++) {
        (void)close(in->fds[i]);
    }
    jmh_buf_fini(&in->bytes);
    *in = (struct jmh_wire_in){0};
}
