/* The sockets that accept connections. They are ours, not libwebsockets': it could not stop listening
 * without ending what is open, and at the limit of descriptors it would spin. [loop] */
#include "host/transport/http.h"

#include "host/client/client.h"
#include "host/host.h"
#include "host/util/trace.h"

#include <junmai/ext/fd.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096
#define ACCEPT_PER_ROUND 64
#define REST_MS 100
#define PORT_TRIES 16
#define UNSENT_BYTES (2 * (int)JMH_RUN_BYTES)

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static const char *const default_binds[] = {"127.0.0.1", "::1", NULL};

/* A numeric address; its length, 0 where it is none. */
static socklen_t parse_address(const char *text, int port, union address *out)
{
    *out = (union address){.v6 = {0}};
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        return sizeof out->v4;
    }
    if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        return sizeof out->v6;
    }
    return 0;
}

/* A listening socket, or -1 with errno. What is accepted inherits the options. The kernel would queue
 * megabytes for a peer that reads slowly: events that newer ones have superseded long since. */
static int listen_at(const union address *address, socklen_t len)
{
    int on = 1, unsent_bytes = UNSENT_BYTES;
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
    if (address->any.sa_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    if (bind(fd, &address->any, len) != 0 || listen(fd, BACKLOG) != 0) {
        int reason = errno;
        (void)close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

static int port_of(int fd)
{
    union address address = {.v6 = {0}};
    socklen_t len = sizeof address;
    if (getsockname(fd, &address.any, &len) != 0) {
        return 0;
    }
    return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

static void close_all(struct jmh_transport *transport)
{
    for (size_t i = 0; i < transport->listener_count; i++) {
        jmh_watch_stop(transport->listeners[i].watch);
        (void)close(transport->listeners[i].fd);
    }
    transport->listener_count = 0;
}

static bool means_no_ipv6(int reason)
{
    return reason == EAFNOSUPPORT || reason == EADDRNOTAVAIL || reason == EPROTONOSUPPORT;
}

static jm_status cannot_listen(struct jmh_err *err, const char *bind, int port, int reason)
{
    if (reason == EADDRINUSE) {
        return jmh_err_set(
            err, JM_EBUSY,
            "Cannot listen on %s port %d: it is in use, perhaps by another junmaid. Stop that "
            "program, or take another port with --port N or listen.port; --port 0 is any free one",
            bind, port);
    }
    return jmh_err_set(err, reason == EADDRNOTAVAIL ? JM_ENOENT : JM_EACCES,
                       "Cannot listen on %s port %d: %s. Choose another listen.bind or listen.port",
                       bind, port, strerror(reason));
}

/* All addresses on one port. JM_EBUSY may be worth another try where the port was ours to choose. */
static jm_status listen_on_all(struct jmh_transport *transport,
                               const struct jmh_transport_options *options,
                               const char *const *binds, struct jmh_err *err)
{
    transport->port = options->port;
    for (size_t i = 0; binds[i] != NULL; i++) {
        union address address;
        socklen_t len = parse_address(binds[i], transport->port, &address);
        if (len == 0 || transport->listener_count == JMH_LISTENERS_MAX) {
            return jmh_err_set(err, JM_EINVAL,
                               "Cannot listen on '%s': listen.bind takes numeric addresses, like "
                               "127.0.0.1 or ::1, at most %d of them",
                               binds[i], JMH_LISTENERS_MAX);
        }
        int fd = listen_at(&address, len);
        if (fd < 0) {
            bool may_miss = !options->binds_required && i > 0 && means_no_ipv6(errno);
            if (!may_miss) {
                return cannot_listen(err, binds[i], transport->port, errno);
            }
            continue;
        }
        transport->listeners[transport->listener_count++] = (struct jmh_listener){.fd = fd};
        transport->port = port_of(fd);
    }
    return JM_OK;
}

static void change_all(struct jmh_transport *transport, uint32_t events)
{
    for (size_t i = 0; i < transport->listener_count; i++) {
        jmh_watch_change(transport->listeners[i].watch, events);
    }
}

static void on_rested(void *user)
{
    struct jmh_transport *transport = user;
    transport->rest = NULL;
    change_all(transport, JM_FD_READABLE);
}

/* Without a descriptor accept() would fail again at once, for ever. */
static void take_rest(struct jmh_transport *transport)
{
    jmh_trace(JM_LOG_WARNING, "transport", "Cannot accept a connection: %s. Trying again soon",
              strerror(errno));
    if (transport->rest == NULL) {
        transport->rest = jmh_timer_start(transport->host->loop, REST_MS, 0, on_rested, transport);
    }
    change_all(transport, transport->rest != NULL ? 0 : JM_FD_READABLE);
}

static void adopt(struct jmh_transport *transport, int fd_take, const union address *peer)
{
    char text[INET6_ADDRSTRLEN] = "";
    bool is_v4 = peer->any.sa_family == AF_INET;
    const void *bytes =
        is_v4 ? (const void *)&peer->v4.sin_addr : (const void *)&peer->v6.sin6_addr;
    (void)inet_ntop(peer->any.sa_family, bytes, text, sizeof text);
    struct jmh_identity *identity =
        jmh_identity_local(transport->host->clients, (jm_span){text, strlen(text)});
    if (identity == NULL || transport->connections >= transport->connections_max) {
        (void)close(fd_take);
    } else {
        jmh_http_begin(transport, fd_take, identity);
    }
    jmh_identity_unref(identity);
}

static void on_acceptable(void *user, uint32_t events, jm_status status)
{
    struct jmh_listener *listener = user;
    (void)events;
    if (status < 0) {
        return;
    }
    for (int i = 0; i < ACCEPT_PER_ROUND; i++) {
        union address peer = {.v6 = {0}};
        socklen_t len = sizeof peer;
        int fd = accept4(listener->fd, &peer.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            adopt(listener->transport, fd, &peer);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            take_rest(listener->transport);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

jm_status jmh_listen_open(struct jmh_transport *transport,
                          const struct jmh_transport_options *options, struct jmh_err *err)
{
    bool is_default = options->binds == NULL || options->binds[0] == NULL;
    const char *const *binds = is_default ? default_binds : options->binds;
    jm_status status = JM_EBUSY;
    for (int i = 0; i < PORT_TRIES && status == JM_EBUSY; i++) {
        close_all(transport);
        status = listen_on_all(transport, options, binds, err);
        if (options->port != 0) {
            break;
        }
    }
    if (status != JM_OK) {
        close_all(transport);
    }
    return status;
}

jm_status jmh_listen_start(struct jmh_transport *transport, struct jmh_err *err)
{
    for (size_t i = 0; i < transport->listener_count; i++) {
        struct jmh_listener *listener = &transport->listeners[i];
        listener->transport = transport;
        listener->watch = jmh_watch_start(transport->host->loop, listener->fd, JM_FD_READABLE,
                                          on_acceptable, listener);
        if (listener->watch == NULL) {
            return jmh_err_set(err, JM_ENOMEM, "Cannot listen: out of memory");
        }
    }
    return JM_OK;
}

void jmh_listen_close(struct jmh_transport *transport)
{
    jmh_timer_stop(transport->rest);
    transport->rest = NULL;
    close_all(transport);
}
