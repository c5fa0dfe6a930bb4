/*
 * What the floor server reads: HTTP requests, client WebSocket frames, and the body of a broadcast.
 * Pure functions over bytes. It finds what it needs by scanning and builds no tree.
 */
#ifndef FLOOR_PARSE_H
#define FLOOR_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct span {
    const char *bytes;
    size_t count;
};

struct floor_request {
    struct span ws_key; /* the key of an upgrade; NULL bytes when it is none */
    struct span body;
    bool broadcast; /* POST /websocket/broadcast */
};

struct floor_frame {
    unsigned opcode;
    struct span payload; /* unmasked in place */
};

struct floor_broadcast {
    struct span type, channel; /* as they stand between the quotes */
    struct span data;          /* with its braces; NULL bytes when there is none */
};

/* Each takes one item off the front: its length, 0 when it has not all come, -1 when it is wrong. */
ssize_t floor_parse_request(const char *bytes, size_t count, struct floor_request *request_out);
ssize_t floor_parse_frame(char *bytes, size_t count, struct floor_frame *frame_out);

/* False when it is no JSON object with a type and a channel of at most 64 bytes each. */
bool floor_parse_broadcast(struct span body, struct floor_broadcast *broadcast_out);

/* The first channel that a subscribe message names. */
bool floor_parse_subscribe(struct span message, struct span *channel_out);

#endif
