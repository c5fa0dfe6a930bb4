/* The other end of a test's connection: see client_test_peer.h. */
#include "client_test_peer.h"

#include "client/sha1.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void require(int holds, const char *what)
{
    if (!holds) {
        perror(what);
        abort();
    }
}

static void *serve(void *argument)
{
    struct peer *peer = argument;
    peer->fd = accept(peer->listen_fd, NULL, NULL);
    require(peer->fd >= 0, "accept");
    peer->script(peer);
    close(peer->fd);
    return NULL;
}

void peer_start(struct peer *peer_out, void (*script)(struct peer *peer))
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *peer_out = (struct peer){.script = script};
    peer_out->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(bind(peer_out->listen_fd, (struct sockaddr *)&address, size) == 0, "bind");
    require(listen(peer_out->listen_fd, 4) == 0, "listen");
    require(getsockname(peer_out->listen_fd, (struct sockaddr *)&address, &size) == 0, "port");
    peer_out->port = ntohs(address.sin_port);
    require(pthread_create(&peer_out->thread, NULL, serve, peer_out) == 0, "pthread_create");
}

void peer_join(struct peer *peer)
{
    pthread_join(peer->thread, NULL);
    close(peer->listen_fd);
}

static ssize_t read_more(struct peer *peer)
{
    size_t room = sizeof peer->input - peer->input_used - 1;
    ssize_t got = recv(peer->fd, peer->input + peer->input_used, room, 0);
    if (got > 0)
        peer->input_used += (size_t)got;
    return got;
}

void peer_read_until(struct peer *peer, const char *text)
{
    while (!text || !memmem(peer->input, peer->input_used, text, strlen(text))) {
        if (read_more(peer) <= 0)
            return;
    }
}

void peer_read_bytes(struct peer *peer, size_t total)
{
    while (peer->input_used < total && read_more(peer) > 0)
        ;
}

void peer_write(struct peer *peer, const void *bytes, size_t count)
{
    require(send(peer->fd, bytes, count, MSG_NOSIGNAL) == (ssize_t)count, "send");
}

void peer_say(struct peer *peer, const char *text)
{
    peer_write(peer, text, strlen(text));
}

void peer_accept_ws(struct peer *peer)
{
    static const char name[] = "Sec-WebSocket-Key: ";
    char accept_key[JMT_ACCEPT_BYTES];
    char answer[256];
    peer_read_until(peer, "\r\n\r\n");
    const char *key = strstr(peer->input, name);
    require(key != NULL, "no Sec-WebSocket-Key");
    jmt_accept_key(key + sizeof name - 1, 24, accept_key);
    snprintf(answer, sizeof answer,
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "sec-websocket-accept: %s\r\n\r\n",
             accept_key);
    peer_say(peer, answer);
    peer->input_used = 0;
}

void peer_frame(struct peer *peer, unsigned first, const char *payload)
{
    char bytes[128];
    size_t count = strlen(payload);
    bytes[0] = (char)first;
    bytes[1] = (char)count;
    memcpy(bytes + 2, payload, count);
    peer_write(peer, bytes, count + 2);
}
