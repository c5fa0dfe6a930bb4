/* The bytes of an HTTP connection: the head of a request, at once and in pieces, and a chunked body. */
#include "host/transport/chunks.h"
#include "host/transport/head.h"

#include <stdlib.h>
#include <string.h>

#define BODY_MOST 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char whole[2 * JMH_HEAD_BYTES_MAX], pieces[2 * JMH_HEAD_BYTES_MAX];
static struct jmh_head head, again;

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_places(const struct jmh_head *parsed, size_t size)
{
    must(parsed->bytes <= size && parsed->field_count <= JMH_HEAD_FIELDS_MAX);
    must(parsed->target_at + parsed->target_len < parsed->bytes && parsed->target_len > 0);
    must(whole[parsed->target_at] == '/');
    for (size_t i = 0; i < parsed->field_count; i++) {
        const struct jmh_head_field *field = &parsed->fields[i];
        must(field->name_len > 0 && field->name_at + field->name_len < field->value_at + 1u);
        must(field->value_at + field->value_len < parsed->bytes);
    }
}

/* What comes in pieces is understood as what comes at once. */
static enum jmh_head_state parse_in_pieces(const uint8_t *data, size_t size, size_t step)
{
    struct jmh_head_fault fault;
    enum jmh_head_state state = JMH_HEAD_PARTIAL;
    size_t looked_at = 0;
    while (state == JMH_HEAD_PARTIAL && looked_at < size) {
        size_t len = size - looked_at < step ? size : looked_at + step;
        memcpy(pieces + looked_at, data + looked_at, len - looked_at);
        state = jmh_head_parse(pieces, len, looked_at, &again, &fault);
        looked_at = len;
    }
    return state;
}

static void parse_head(const uint8_t *data, size_t size)
{
    struct jmh_head_fault fault;
    struct jmh_head_body body;
    memcpy(whole, data, size);
    enum jmh_head_state state = jmh_head_parse(whole, size, 0, &head, &fault);
    enum jmh_head_state in_pieces = parse_in_pieces(data, size, size > 0 ? 1 + data[0] % 7u : 1);
    must((state == JMH_HEAD_WHOLE) == (in_pieces == JMH_HEAD_WHOLE) || state == JMH_HEAD_FAULTY);
    if (state == JMH_HEAD_WHOLE) {
        check_places(&head, size);
        must(again.bytes == head.bytes && again.field_count == head.field_count);
        must(memcmp(again.fields, head.fields, head.field_count * sizeof head.fields[0]) == 0);
        (void)jmh_head_body(&head, whole, &body, &fault);
        (void)jmh_head_keeps_alive(&head, whole);
    }
}

static void take_chunks(const char *bytes, size_t size)
{
    struct jmh_chunks chunks = {0}, byte_by_byte = {0};
    struct jmh_buf body = {0}, other = {0};
    size_t used = 0, at = 0, used_here = 0;
    enum jmh_chunks_result result =
        jmh_chunks_feed(&chunks, (jm_span){bytes, size}, &body, BODY_MOST, &used);
    enum jmh_chunks_result last = JMH_CHUNKS_MORE;
    while (last == JMH_CHUNKS_MORE && at < size) {
        last =
            jmh_chunks_feed(&byte_by_byte, (jm_span){bytes + at, 1}, &other, BODY_MOST, &used_here);
        at += used_here;
    }
    must(result == last || size == 0);
    must(used <= size && body.len <= BODY_MOST && other.len <= BODY_MOST);
    if (result != JMH_CHUNKS_TOO_LARGE) {
        must(body.len == other.len && used == at);
        must(body.len == 0 || memcmp(body.data, other.data, body.len) == 0);
    }
    jmh_buf_fini(&body);
    jmh_buf_fini(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= sizeof whole) {
        parse_head(data, size);
        take_chunks((const char *)data, size);
    }
    return 0;
}
