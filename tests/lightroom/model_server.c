/* One connection at a time. */
#include "model_server.h"

#include "check.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define SILENT_MAX 8

/* Whether the descriptor is readable before the server is stopped. */
static bool wait_for(const struct model_server *server, int fd)
{
    struct pollfd fds[2] = {{.fd = server->stop_fds[0], .events = POLLIN},
                            {.fd = fd, .events = POLLIN}};
    return poll(fds, 2, -1) > 0 && (fds[0].revents & POLLIN) == 0;
}

/* How many bytes the request has in all, once its head is there; 0 before. */
static size_t size_of(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    const char *length = strcasestr(request, "\r\ncontent-length:");
    if (end == NULL)
        return 0;
    return (size_t)(end - request) + 4 +
           (length != NULL ? strtoul(length + strlen("\r\ncontent-length:"), NULL, 10) : 0);
}

static bool read_request(struct model_server *server, int fd)
{
    char *request = server->last_request;
    size_t used = 0;
    request[0] = '\0';
    while (size_of(request) == 0 || used < size_of(request)) {
        if (used == MODEL_REQUEST_BYTES - 1 || !wait_for(server, fd))
            return false;
        ssize_t count = read(fd, request + used, MODEL_REQUEST_BYTES - 1 - used);
        if (count <= 0)
            return false;
        used += (size_t)count;
        request[used] = '\0';
    }
    return true;
}

static void answer(int fd, const struct model_reply *reply)
{
    char *text;
    int size = asprintf(&text,
                        "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                        reply->status, strlen(reply->body), reply->body);
    for (int sent = 0; sent < size;) {
        ssize_t count = send(fd, text + sent, (size_t)(size - sent), MSG_NOSIGNAL);
        if (count <= 0)
            break;
        sent += (int)count;
    }
    free(text);
}

static void *serve(void *user)
{
    struct model_server *server = user;
    int silent[SILENT_MAX], silent_count = 0;
    while (wait_for(server, server->listener)) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0 || !read_request(server, fd)) {
            close(fd);
            continue;
        }
        int number = atomic_fetch_add(&server->asked, 1);
        const struct model_reply *reply =
            &server->replies[number < server->reply_count ? number : server->reply_count - 1];
        if (reply->status != 0)
            answer(fd, reply);
        if (reply->status == 0 && silent_count < SILENT_MAX)
            silent[silent_count++] = fd;
        else
            close(fd);
    }
    while (silent_count > 0)
        close(silent[--silent_count]);
    return NULL;
}

void model_server_start(struct model_server *server_out, const struct model_reply *replies,
                        int count)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    memset(server_out, 0, sizeof *server_out);
    server_out->replies = replies;
    server_out->reply_count = count;
    server_out->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server_out->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server_out->listener, 16), 0);
    assert_int_equal(getsockname(server_out->listener, (struct sockaddr *)&address, &size), 0);
    server_out->port = ntohs(address.sin_port);
    assert_int_equal(pipe(server_out->stop_fds), 0);
    assert_int_equal(pthread_create(&server_out->thread, NULL, serve, server_out), 0);
}

void model_server_stop(struct model_server *server)
{
    assert_int_equal(write(server->stop_fds[1], "", 1), 1);
    assert_int_equal(pthread_join(server->thread, NULL), 0);
    close(server->listener);
    close(server->stop_fds[0]);
    close(server->stop_fds[1]);
}
