/* The head of a request. See head.h. */
#include "host/transport/head.h"

#include "host/util/span.h"

#include <string.h>
#include <strings.h>

#define LENGTH_DIGITS_MAX 18
#define METHOD_MAX 16

/* A head that is being read: `at` moves, `end` is behind the last line end of a field. */
struct reader {
    char *bytes;
    size_t at, end;
    struct jmh_head *head;
    struct jmh_head_fault *fault;
};

static bool faulty(struct reader *reader, int status, const char *sentence)
{
    *reader->fault = (struct jmh_head_fault){status, sentence};
    return false;
}

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The length of the present line without its end; false where that is not "\r\n". */
static bool line_len(struct reader *reader, size_t *len_out)
{
    const char *line = reader->bytes + reader->at;
    const char *end = memchr(line, '\n', reader->end - reader->at);
    if (end == NULL || end == line || end[-1] != '\r') {
        return faulty(reader, 400, "A line of the request does not end with CR LF");
    }
    *len_out = (size_t)(end - line) - 1;
    return true;
}

/* "http://host/path" means "/path": of the authority, Host speaks. */
static void skip_authority(const char *line, size_t *at, size_t end)
{
    static const char scheme[] = "http://";
    if (end - *at > sizeof scheme - 1 && strncasecmp(line + *at, scheme, sizeof scheme - 1) == 0) {
        const char *path =
            memchr(line + *at + sizeof scheme - 1, '/', end - *at - sizeof scheme + 1);
        *at = path != NULL ? (size_t)(path - line) : *at;
    }
}

static bool read_version(struct reader *reader, const char *text, size_t len)
{
    if (len != 8 || memcmp(text, "HTTP/", 5) != 0) {
        return faulty(reader, 400, "The request line is not METHOD, target and HTTP version");
    }
    reader->head->is_http10 = memcmp(text + 5, "1.0", 3) == 0;
    if (!reader->head->is_http10 && memcmp(text + 5, "1.1", 3) != 0) {
        return faulty(reader, 505, "HTTP/1.1 is spoken here");
    }
    return true;
}

static bool read_request_line(struct reader *reader)
{
    size_t len;
    if (!line_len(reader, &len)) {
        return false;
    }
    const char *line = reader->bytes + reader->at;
    size_t method_len = 0;
    while (method_len < len && is_token_char(line[method_len])) {
        method_len++;
    }
    size_t target_at = method_len + 1, target_end = target_at;
    while (target_end < len && line[target_end] > ' ' && line[target_end] != 0x7f) {
        target_end++;
    }
    bool is_shaped = method_len > 0 && method_len <= METHOD_MAX && target_end < len &&
                     line[method_len] == ' ' && line[target_end] == ' ';
    if (!is_shaped) {
        return faulty(reader, 400, "The request line is not METHOD, target and HTTP version");
    }
    if (!read_version(reader, line + target_end + 1, len - target_end - 1)) {
        return false;
    }
    skip_authority(line, &target_at, target_end);
    if (line[target_at] != '/') {
        return faulty(reader, 400, "The target of the request is no path");
    }
    reader->head->method_at = (uint16_t)reader->at;
    reader->head->method_len = (uint16_t)method_len;
    reader->head->target_at = (uint16_t)(reader->at + target_at);
    reader->head->target_len = (uint16_t)(target_end - target_at);
    reader->at += len + 2;
    return true;
}

static size_t lower_name(char *line, size_t len)
{
    size_t name_len = 0;
    for (; name_len < len && is_token_char(line[name_len]); name_len++) {
        if (line[name_len] >= 'A' && line[name_len] <= 'Z') {
            line[name_len] = (char)(line[name_len] + ('a' - 'A'));
        }
    }
    return name_len;
}

static bool read_field(struct reader *reader)
{
    size_t len;
    if (!line_len(reader, &len)) {
        return false;
    }
    char *line = reader->bytes + reader->at;
    size_t name_len = lower_name(line, len);
    if (name_len == 0 || name_len == len || line[name_len] != ':') {
        return faulty(reader, 400, "A header is not Name: value");
    }
    size_t at = name_len + 1, end = len;
    while (at < end && is_space(line[at])) {
        at++;
    }
    while (end > at && is_space(line[end - 1])) {
        end--;
    }
    for (size_t i = at; i < end; i++) {
        if ((unsigned char)line[i] < ' ' ? line[i] != '\t' : line[i] == 0x7f) {
            return faulty(reader, 400, "A header has a control character");
        }
    }
    if (reader->head->field_count == JMH_HEAD_FIELDS_MAX) {
        return faulty(reader, 431, "The request has too many headers");
    }
    reader->head->fields[reader->head->field_count++] =
        (struct jmh_head_field){(uint16_t)reader->at, (uint16_t)name_len,
                                (uint16_t)(reader->at + at), (uint16_t)(end - at)};
    reader->at += len + 2;
    return true;
}

static bool read_head(struct reader *reader)
{
    reader->head->field_count = 0;
    if (!read_request_line(reader)) {
        return false;
    }
    while (reader->at < reader->end) {
        if (!read_field(reader)) {
            return false;
        }
    }
    if (jmh_head_repeats(reader->head, reader->bytes, "host")) {
        return faulty(reader, 400, "The request has more than one Host");
    }
    return true;
}

enum jmh_head_state jmh_head_parse(char *bytes, size_t len, size_t looked_at, struct jmh_head *out,
                                   struct jmh_head_fault *fault_out)
{
    struct reader reader = {.bytes = bytes, .head = out, .fault = fault_out};
    while (reader.at + 1 < len && bytes[reader.at] == '\r' && bytes[reader.at + 1] == '\n') {
        reader.at += 2; /* some clients send an empty line behind a body */
    }
    size_t from = looked_at > reader.at + 3 ? looked_at - 3 : reader.at;
    size_t most = len < JMH_HEAD_BYTES_MAX ? len : JMH_HEAD_BYTES_MAX;
    const char *end = from < most ? memmem(bytes + from, most - from, "\r\n\r\n", 4) : NULL;
    if (end == NULL) {
        if (len < JMH_HEAD_BYTES_MAX) {
            return JMH_HEAD_PARTIAL;
        }
        (void)faulty(&reader, 431, "The headers of the request are larger than 16 KiB");
        return JMH_HEAD_FAULTY;
    }
    reader.end = (size_t)(end - bytes) + 2;
    out->bytes = (uint16_t)(reader.end + 2);
    return read_head(&reader) ? JMH_HEAD_WHOLE : JMH_HEAD_FAULTY;
}

static bool is_named(const struct jmh_head_field *field, const char *bytes, const char *name,
                     size_t name_len)
{
    return field->name_len == name_len && memcmp(bytes + field->name_at, name, name_len) == 0;
}

bool jmh_head_get(const struct jmh_head *head, const char *bytes, const char *name,
                  jm_span *value_out)
{
    size_t name_len = strlen(name);
    for (size_t i = 0; i < head->field_count; i++) {
        const struct jmh_head_field *field = &head->fields[i];
        if (is_named(field, bytes, name, name_len)) {
            *value_out = (jm_span){bytes + field->value_at, field->value_len};
            return true;
        }
    }
    return false;
}

bool jmh_head_repeats(const struct jmh_head *head, const char *bytes, const char *name)
{
    size_t name_len = strlen(name), found = 0;
    for (size_t i = 0; i < head->field_count; i++) {
        found += is_named(&head->fields[i], bytes, name, name_len) ? 1 : 0;
    }
    return found > 1;
}

static jm_span trimmed(jm_span text)
{
    while (text.len > 0 && is_space(text.ptr[0])) {
        text = (jm_span){text.ptr + 1, text.len - 1};
    }
    while (text.len > 0 && is_space(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}

bool jmh_head_has_token(jm_span list, const char *token)
{
    size_t token_len = strlen(token);
    while (list.len > 0) {
        const char *comma = memchr(list.ptr, ',', list.len);
        size_t len = comma != NULL ? (size_t)(comma - list.ptr) : list.len;
        jm_span item = trimmed((jm_span){list.ptr, len});
        if (item.len == token_len && strncasecmp(item.ptr, token, token_len) == 0) {
            return true;
        }
        size_t used = comma != NULL ? len + 1 : len;
        list = (jm_span){list.ptr + used, list.len - used};
    }
    return false;
}

static bool read_length(jm_span text, uint64_t *length_out)
{
    *length_out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        *length_out = *length_out * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    return text.len > 0 && text.len <= LENGTH_DIGITS_MAX;
}

bool jmh_head_body(const struct jmh_head *head, const char *bytes, struct jmh_head_body *body_out,
                   struct jmh_head_fault *fault_out)
{
    jm_span coding, length;
    bool has_coding = jmh_head_get(head, bytes, "transfer-encoding", &coding);
    bool has_length = jmh_head_get(head, bytes, "content-length", &length);
    *body_out = (struct jmh_head_body){0};
    *fault_out = (struct jmh_head_fault){400, "Content-Length must be one number"};
    if (has_coding) {
        *fault_out = (struct jmh_head_fault){
            400,
            "A body is either chunked or has a Content-Length; HTTP/1.0 knows the latter only"};
        if (has_length || head->is_http10) {
            return false;
        }
        *fault_out = (struct jmh_head_fault){501, "The only transfer coding is chunked"};
        body_out->is_chunked = coding.len == 7 && strncasecmp(coding.ptr, "chunked", 7) == 0 &&
                               !jmh_head_repeats(head, bytes, "transfer-encoding");
        return body_out->is_chunked;
    }
    return !has_length || (!jmh_head_repeats(head, bytes, "content-length") &&
                           read_length(length, &body_out->length));
}

bool jmh_head_keeps_alive(const struct jmh_head *head, const char *bytes)
{
    jm_span connection = {NULL, 0};
    (void)jmh_head_get(head, bytes, "connection", &connection);
    return head->is_http10 ? jmh_head_has_token(connection, "keep-alive")
                           : !jmh_head_has_token(connection, "close");
}
