/* What the floor server reads: see floor_parse.h. */
#include "floor_parse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool starts_with(const char *bytes, const char *end, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(end - bytes) >= length && strncasecmp(bytes, text, length) == 0;
}

/* Reads one header line, of which the floor cares for two. */
static void read_header(const char *line, const char *end, struct floor_request *request,
                        size_t *body_bytes)
{
    static const char key[] = "sec-websocket-key: ";
    static const char length[] = "content-length: ";
    if (starts_with(line, end, length)) {
        *body_bytes = strtoul(line + sizeof length - 1, NULL, 10);
    } else if (starts_with(line, end, key)) {
        request->ws_key.bytes = line + sizeof key - 1;
        request->ws_key.count = (size_t)(end - request->ws_key.bytes);
    }
}

ssize_t floor_parse_request(const char *bytes, size_t count, struct floor_request *request_out)
{
    const char *head_end = memmem(bytes, count, "\r\n\r\n", 4);
    size_t body_bytes = 0;
    if (!head_end)
        return 0;
    *request_out = (struct floor_request){
        .broadcast = starts_with(bytes, head_end, "POST /websocket/broadcast "),
    };
    const char *line = bytes;
    while (line < head_end) {
        const char *line_end = memchr(line, '\r', (size_t)(head_end - line) + 1);
        read_header(line, line_end, request_out, &body_bytes);
        line = line_end + 2;
    }
    request_out->body = (struct span){head_end + 4, body_bytes};
    size_t total = (size_t)(head_end - bytes) + 4 + body_bytes;
    return total <= count ? (ssize_t)total : 0;
}

ssize_t floor_parse_frame(char *bytes, size_t count, struct floor_frame *frame_out)
{
    const uint8_t *head = (const uint8_t *)bytes;
    if (count < 2)
        return 0;
    size_t length = head[1] & 127u;
    size_t head_bytes = length == 126 ? 8 : 6;
    if (!(head[1] & 0x80) || length == 127)
        return -1;
    if (count < head_bytes)
        return 0;
    if (length == 126)
        length = (size_t)head[2] << 8 | head[3];
    if (count < head_bytes + length)
        return 0;
    char *payload = bytes + head_bytes;
    for (size_t i = 0; i < length; ++i)
        payload[i] = (char)(payload[i] ^ payload[(ssize_t)(i % 4) - 4]);
    *frame_out = (struct floor_frame){.opcode = head[0] & 15u, .payload = {payload, length}};
    return (ssize_t)(head_bytes + length);
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        ++at;
    return at;
}

/* From an opening quote to behind the closing one; NULL when there is none. */
static const char *skip_string(const char *at, const char *end)
{
    for (++at; at < end; ++at) {
        if (*at == '\\')
            ++at;
        else if (*at == '"')
            return at + 1;
    }
    return NULL;
}

/* Behind a value of any kind; NULL when it does not end. */
static const char *skip_value(const char *at, const char *end)
{
    size_t depth = 0;
    while (at && at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
            if (depth == 0)
                return at;
            continue;
        }
        if (*at == '{' || *at == '[') {
            ++depth;
        } else if (*at == '}' || *at == ']') {
            if (depth == 0)
                return at;
            if (--depth == 0)
                return at + 1;
        } else if (*at == ',' && depth == 0) {
            return at;
        }
        ++at;
    }
    return NULL;
}

static bool is_name(struct span text)
{
    return text.bytes && text.count <= 64;
}

static void keep_member(struct span key, struct span value, struct floor_broadcast *broadcast)
{
    if (value.bytes[0] == '"') {
        struct span text = {value.bytes + 1, value.count - 2};
        if (key.count == 4 && memcmp(key.bytes, "type", 4) == 0)
            broadcast->type = text;
        else if (key.count == 7 && memcmp(key.bytes, "channel", 7) == 0)
            broadcast->channel = text;
    } else if (value.bytes[0] == '{' && key.count == 4 && memcmp(key.bytes, "data", 4) == 0) {
        broadcast->data = value;
    }
}

bool floor_parse_broadcast(struct span body, struct floor_broadcast *broadcast_out)
{
    const char *end = body.bytes + body.count;
    const char *at = skip_space(body.bytes, end);
    *broadcast_out = (struct floor_broadcast){0};
    if (at == end || *at != '{')
        return false;
    do {
        const char *key = skip_space(at + 1, end);
        if (key == end || *key != '"')
            return false;
        const char *key_end = skip_string(key, end);
        if (!key_end)
            return false;
        const char *colon = skip_space(key_end, end);
        if (colon == end || *colon != ':')
            return false;
        const char *value = skip_space(colon + 1, end);
        const char *value_end = skip_value(value, end);
        if (!value_end || value_end == value)
            return false;
        keep_member((struct span){key + 1, (size_t)(key_end - key) - 2},
                    (struct span){value, (size_t)(value_end - value)}, broadcast_out);
        at = skip_space(value_end, end);
    } while (at < end && *at == ',');
    return at < end && *at == '}' && is_name(broadcast_out->type) &&
           is_name(broadcast_out->channel);
}

bool floor_parse_subscribe(struct span message, struct span *channel_out)
{
    static const char list[] = "\"channels\":[\"";
    const char *at = memmem(message.bytes, message.count, list, sizeof list - 1);
    if (!at)
        return false;
    channel_out->bytes = at + sizeof list - 1;
    const char *quote = memchr(channel_out->bytes, '"',
                               (size_t)(message.bytes + message.count - channel_out->bytes));
    if (!quote)
        return false;
    channel_out->count = (size_t)(quote - channel_out->bytes);
    return true;
}
