/*
 * A language model's server on loopback, as bad as a test wants it. It answers one request after the
 * other from a script, in a thread of its own.
 */
#ifndef LIGHTROOM_TESTS_MODEL_SERVER_H
#define LIGHTROOM_TESTS_MODEL_SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#define MODEL_REPLIES_MAX 8
#define MODEL_REQUEST_BYTES 65536

struct model_reply {
    int status;       /* 0: accept the request and never answer it */
    const char *body; /* of the answer */
};

struct model_server {
    int listener;
    int stop_fds[2]; /* written to end the thread */
    int port;
    pthread_t thread;
    const struct model_reply *replies; /* the last one is given for ever */
    int reply_count;
    atomic_int asked;                       /* requests so far */
    char last_request[MODEL_REQUEST_BYTES]; /* head and body; read it when it has been answered */
};

void model_server_start(struct model_server *server_out, const struct model_reply *replies,
                        int count);
void model_server_stop(struct model_server *server);

#endif
