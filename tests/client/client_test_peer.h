/*
 * The other end of a test's connection: a listener on loopback whose one connection a thread serves
 * with a script of the test's own.
 */
#ifndef JMT_CLIENT_TEST_PEER_H
#define JMT_CLIENT_TEST_PEER_H

#include <pthread.h>
#include <stddef.h>

struct peer {
    int port;
    int listen_fd;
    int fd; /* the accepted connection, closed when the script returns */
    void (*script)(struct peer *peer);
    pthread_t thread;
    char input[4096]; /* all that the script has read, as a C string */
    size_t input_used;
};

void peer_start(struct peer *peer_out, void (*script)(struct peer *peer));

/* Waits until the script has returned. */
void peer_join(struct peer *peer);

/* For scripts. Reads until the input contains `text`, or the client has closed when it is NULL. */
void peer_read_until(struct peer *peer, const char *text);
void peer_read_bytes(struct peer *peer, size_t total);
void peer_write(struct peer *peer, const void *bytes, size_t count);
void peer_say(struct peer *peer, const char *text);

/* Reads a WebSocket upgrade and accepts it. */
void peer_accept_ws(struct peer *peer);

/* Writes an unmasked frame with a payload of less than 126 bytes; `first` is FIN, RSV and opcode. */
void peer_frame(struct peer *peer, unsigned first, const char *payload);

#endif
