/*
 * A channel of the floor server: one log of framed events and the subscribers' places in it. The
 * bytes are written once and sent from where they lie; nothing is queued or copied a subscriber.
 */
#ifndef FLOOR_CHANNEL_H
#define FLOOR_CHANNEL_H

#include "floor_parse.h"

#include <stdint.h>

struct floor_channel;

struct floor_conn {
    int fd;
    bool websocket;
    bool blocked;                       /* its socket is full: EPOLLOUT continues */
    struct floor_channel *channel;      /* NULL until it has subscribed */
    struct floor_conn *previous, *next; /* of the channel's subscribers */
    uint64_t cursor;                    /* the log offset of the first byte it has not been sent */
    char *rest;                         /* the front of a request or frame that has not all come */
    unsigned rest_bytes;
};

struct floor_channel {
    char *log;
    size_t capacity;
    uint64_t base;            /* the offset of log[0] */
    uint64_t end;             /* the offset behind the last byte */
    uint64_t flushed;         /* the offset up to which all that are not blocked have been sent */
    struct floor_conn *first; /* of its subscribers */
    unsigned blocked;         /* how many of them are */
    char name[65];
};

/* Finds the channel, or makes it; NULL when the name is too long or there are too many. */
struct floor_channel *floor_channel_get(struct span name);

void floor_channel_join(struct floor_channel *channel, struct floor_conn *conn);
void floor_channel_leave(struct floor_conn *conn);

/* Frames an event as the wire contract has it and appends it; nothing is sent yet. */
void floor_channel_append(struct floor_channel *channel, const struct floor_broadcast *broadcast,
                          const char timestamp[24]);

/* Bytes that wait for the next flush. */
size_t floor_channel_pending(const struct floor_channel *channel);

/* Sends all that is pending: one send a subscriber. */
void floor_channel_flush(struct floor_channel *channel, int epoll_fd);

/* Flushes every channel that has something pending. */
void floor_channels_flush(int epoll_fd);

/* Goes on with a subscriber whose socket has room again. */
void floor_conn_resume(struct floor_conn *conn, int epoll_fd);

#endif
