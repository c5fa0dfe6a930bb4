/* Messages between the host and a worker process, on a stream socket.
 *
 * A message is a head, a JSON object of the two programs (`about`) and the text of the plugin (`body`),
 * which passes untouched. Descriptors travel with the first byte. Both ends run on one machine from
 * one build, so that the head is a plain struct; the worker has read untrusted files, so that the host
 * believes nothing of it. [loop], and the worker's only thread. */
#ifndef JMH_WORKER_WIRE_H
#define JMH_WORKER_WIRE_H

#include "host/util/buf.h"

#include <junmai/ext/task.h>

#define JMH_WIRE_ABOUT_MAX_BYTES ((size_t)64 * 1024)
#define JMH_WIRE_BODY_MAX_BYTES ((size_t)16 * 1024 * 1024) /* of a request and a result */
#define JMH_WIRE_DETAIL_MAX_BYTES ((size_t)64 * 1024)      /* of a progress and a failure */
#define JMH_WIRE_READ_BYTES ((size_t)64 * 1024)            /* at most, in one call */

/* The descriptor of the socket in the worker. */
#define JMH_WIRE_SOCKET 3
/* Exit status of a worker that a fatal signal stopped near its limit of memory. */
#define JMH_WIRE_EXIT_MEMORY 120

enum jmh_wire_kind {
    JMH_WIRE_READY = 1, /* worker: has started */
    JMH_WIRE_RUN,      /* host: {"object","task","cpu_ms","memory_mib"}, the request, descriptors */
    JMH_WIRE_CANCEL,   /* host: the task that runs should end; late ones are ignored */
    JMH_WIRE_PROGRESS, /* worker: {"millipercent"}, the detail */
    JMH_WIRE_DONE,     /* worker: {"status"}, the result or the sentence */
};

struct jmh_wire_head {
    uint32_t kind; /* enum jmh_wire_kind */
    uint32_t about_bytes;
    uint32_t body_bytes;
    uint32_t fd_count;
};

struct jmh_wire_message {
    enum jmh_wire_kind kind;
    jm_span about, body; /* in the buffer of `jmh_wire_in`, until the next call for it */
    uint32_t fd_count;   /* the oldest of jmh_wire_in.fds */
};

/* What waits to be sent. Zero-initialise to begin. */
struct jmh_wire_out {
    struct jmh_buf bytes;
    size_t sent_bytes; /* of them */
    const int *fds;    /* borrowed until fd_count is 0: they leave with the next byte */
    uint32_t fd_count;
};

/* What has been received and not been taken yet. Zero-initialise to begin. */
struct jmh_wire_in {
    struct jmh_buf bytes;
    size_t taken_bytes; /* of the message that was given out last */
    int fds[JM_TASK_MAX_FDS];
    uint32_t fd_count;
};

/* Append a message; false when out of memory. One with descriptors must not follow another whose
 * descriptors still wait. */
bool jmh_wire_put(struct jmh_wire_out *out, enum jmh_wire_kind kind, jm_span about, jm_span body,
                  const int *fds, uint32_t fd_count);

/* Send what waits. JM_OK: all has left; JM_EBUSY: the socket is full; JM_EGONE, JM_EIO: the other end
 * is lost. */
jm_status jmh_wire_send(int socket, struct jmh_wire_out *out);

/* Receive what is there, at most JMH_WIRE_READ_BYTES. JM_OK; JM_EBUSY: nothing is there; JM_EGONE: the
 * other end has closed; JM_EINVAL: too many descriptors; JM_EIO, JM_ENOMEM. `flags` of recvmsg().
 * Descriptors are dropped unless `takes_fds`. */
jm_status jmh_wire_receive(int socket, int flags, bool takes_fds, struct jmh_wire_in *in);

/* The next whole message. JM_OK; JM_EBUSY: it is not whole yet; JM_EINVAL: it breaks the rules. */
jm_status jmh_wire_next(struct jmh_wire_in *in, struct jmh_wire_message *message_out);
/* Take the oldest `count` descriptors, which `in` has; the caller closes them. */
void jmh_wire_take_fds(struct jmh_wire_in *in, uint32_t count, int *fds_out);

void jmh_wire_out_fini(struct jmh_wire_out *out);
void jmh_wire_in_fini(struct jmh_wire_in *in);

#endif
