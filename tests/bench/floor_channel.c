/* A channel of the floor server: see floor_channel.h. */
#include "floor_channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define MAX_CHANNELS 16
#define FIRST_LOG_BYTES (1u << 20)

static struct floor_channel channels[MAX_CHANNELS];
static unsigned channel_count;
static uint64_t last_seq;

struct floor_channel *floor_channel_get(struct span name)
{
    for (unsigned i = 0; i < channel_count; ++i) {
        if (strlen(channels[i].name) == name.count &&
            memcmp(channels[i].name, name.bytes, name.count) == 0)
            return &channels[i];
    }
    if (channel_count == MAX_CHANNELS || name.count >= sizeof channels[0].name)
        return NULL;
    struct floor_channel *channel = &channels[channel_count++];
    memcpy(channel->name, name.bytes, name.count);
    return channel;
}

void floor_channel_join(struct floor_channel *channel, struct floor_conn *conn)
{
    conn->channel = channel;
    conn->cursor = channel->end;
    conn->next = channel->first;
    if (channel->first)
        channel->first->previous = conn;
    channel->first = conn;
}

void floor_channel_leave(struct floor_conn *conn)
{
    struct floor_channel *channel = conn->channel;
    if (conn->previous)
        conn->previous->next = conn->next;
    else
        channel->first = conn->next;
    if (conn->next)
        conn->next->previous = conn->previous;
    channel->blocked -= conn->blocked;
    conn->channel = NULL;
}

/* Drops what every subscriber has been sent; grows the log when that does not make room. */
static void make_room(struct floor_channel *channel, size_t bytes)
{
    uint64_t oldest = channel->flushed;
    struct floor_conn *conn = channel->blocked > 0 ? channel->first : NULL;
    for (; conn; conn = conn->next) {
        if (conn->cursor < oldest)
            oldest = conn->cursor;
    }
    size_t kept = (size_t)(channel->end - oldest);
    if (kept > 0)
        memmove(channel->log, channel->log + (oldest - channel->base), kept);
    channel->base = oldest;
    if (kept + bytes <= channel->capacity / 2)
        return;
    channel->capacity = channel->log ? 2 * channel->capacity + bytes : FIRST_LOG_BYTES + bytes;
    channel->log = realloc(channel->log, channel->capacity);
    if (!channel->log)
        abort();
}

static size_t frame_head(char head_out[10], size_t payload_bytes)
{
    head_out[0] = (char)0x81;
    if (payload_bytes < 126) {
        head_out[1] = (char)payload_bytes;
        return 2;
    }
    size_t length_bytes = payload_bytes < 65536 ? 2 : 8;
    head_out[1] = length_bytes == 2 ? 126 : 127;
    for (size_t i = 0; i < length_bytes; ++i)
        head_out[2 + i] = (char)(payload_bytes >> (8 * (length_bytes - 1 - i)));
    return 2 + length_bytes;
}

static char *put(char *at, const void *bytes, size_t count)
{
    memcpy(at, bytes, count);
    return at + count;
}

static char *put_number(char *at, uint64_t number)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[sizeof digits - ++count] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return put(at, digits + sizeof digits - count, count);
}

#define PUT(at, text) put((at), (text), sizeof(text) - 1)

void floor_channel_append(struct floor_channel *channel, const struct floor_broadcast *broadcast,
                          const char timestamp[24])
{
    char envelope[256];
    struct span data = broadcast->data.bytes ? broadcast->data : (struct span){"{}", 2};
    char *at = PUT(envelope, "{\"type\":\"");
    at = put(at, broadcast->type.bytes, broadcast->type.count);
    at = PUT(at, "\",\"timestamp\":\"");
    at = put(at, timestamp, 24);
    at = PUT(at, "\",\"channel\":\"");
    at = put(at, broadcast->channel.bytes, broadcast->channel.count);
    at = PUT(at, "\",\"seq\":");
    at = put_number(at, ++last_seq);
    if (data.count > 2)
        at = PUT(at, ",");

    char head[10];
    size_t envelope_bytes = (size_t)(at - envelope);
    size_t head_bytes = frame_head(head, envelope_bytes + data.count - 1);
    size_t total = head_bytes + envelope_bytes + data.count - 1;
    if ((size_t)(channel->end - channel->base) + total > channel->capacity)
        make_room(channel, total);
    at = channel->log + (channel->end - channel->base);
    at = put(at, head, head_bytes);
    at = put(at, envelope, envelope_bytes);
    put(at, data.bytes + 1, data.count - 1);
    channel->end += total;
}

size_t floor_channel_pending(const struct floor_channel *channel)
{
    return (size_t)(channel->end - channel->flushed);
}

static void watch(struct floor_conn *conn, int epoll_fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = conn->fd};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, conn->fd, &event);
}

/* One send of all that the subscriber has not been sent; whether all of it went. */
static bool send_rest(struct floor_conn *conn)
{
    const struct floor_channel *channel = conn->channel;
    size_t rest = (size_t)(channel->end - conn->cursor);
    ssize_t sent = send(conn->fd, channel->log + (conn->cursor - channel->base), rest,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        conn->cursor += (size_t)sent;
    return sent == (ssize_t)rest;
}

void floor_channel_flush(struct floor_channel *channel, int epoll_fd)
{
    for (struct floor_conn *conn = channel->first; conn; conn = conn->next) {
        if (conn->blocked || conn->cursor == channel->end || send_rest(conn))
            continue;
        conn->blocked = true;
        ++channel->blocked;
        watch(conn, epoll_fd, EPOLLIN | EPOLLOUT);
    }
    channel->flushed = channel->end;
    if (channel->blocked == 0)
        channel->base = channel->end;
}

void floor_channels_flush(int epoll_fd)
{
    for (unsigned i = 0; i < channel_count; ++i) {
        if (floor_channel_pending(&channels[i]) > 0)
            floor_channel_flush(&channels[i], epoll_fd);
    }
}

void floor_conn_resume(struct floor_conn *conn, int epoll_fd)
{
    if (!send_rest(conn))
        return;
    conn->blocked = false;
    --conn->channel->blocked;
    watch(conn, epoll_fd, EPOLLIN);
}
