/* Server-sent events; see sse.h. */
#include "sse.h"

#include <string.h>

static void begin_event(struct jmc_sse *sse)
{
    sse->data.used = sse->id.used = sse->type.used = 0;
    sse->has_id = sse->has_data = false;
}

static void end_event(struct jmc_sse *sse)
{
    if (sse->has_data) {
        const struct jmc_sse_event event = {
            .id = sse->has_id ? jmc_buffer_text(&sse->id) : NULL,
            .type = sse->type.used > 0 ? jmc_buffer_text(&sse->type) : "message",
            .data = jmc_buffer_text(&sse->data),
            .data_bytes = sse->data.used,
        };
        sse->take(sse->user, &event);
    }
    begin_event(sse);
}

static void take_field(struct jmc_sse *sse, const char *name, size_t name_bytes, const char *value,
                       size_t bytes)
{
    if (name_bytes == 4 && memcmp(name, "data", 4) == 0) {
        if (sse->has_data) {
            jmc_buffer_add(&sse->data, "\n", 1);
        }
        jmc_buffer_add(&sse->data, value, bytes);
        sse->has_data = true;
    } else if (name_bytes == 2 && memcmp(name, "id", 2) == 0 && memchr(value, 0, bytes) == NULL) {
        sse->id.used = 0;
        jmc_buffer_add(&sse->id, value, bytes);
        sse->has_id = true;
    } else if (name_bytes == 5 && memcmp(name, "event", 5) == 0) {
        sse->type.used = 0;
        jmc_buffer_add(&sse->type, value, bytes);
    }
}

static void take_line(struct jmc_sse *sse)
{
    const char *line = jmc_buffer_text(&sse->line);
    const size_t bytes = sse->line.used;
    const char *colon = bytes > 0 ? memchr(line, ':', bytes) : NULL;
    if (bytes == 0) {
        end_event(sse);
    } else if (colon == NULL) {
        take_field(sse, line, bytes, "", 0);
    } else if (colon != line) { /* else it is a comment */
        const char *value = colon[1] == ' ' ? colon + 2 : colon + 1;
        take_field(sse, line, (size_t)(colon - line), value, (size_t)(line + bytes - value));
    }
    sse->line.used = 0;
}

bool jmc_sse_feed(struct jmc_sse *sse, const char *bytes, size_t count)
{
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        const bool is_second = bytes[i] == '\n' && sse->after_cr;
        sse->after_cr = bytes[i] == '\r';
        if (bytes[i] != '\n' && bytes[i] != '\r') {
            continue;
        }
        if (!is_second) {
            jmc_buffer_add(&sse->line, bytes + start, i - start);
            take_line(sse);
        }
        start = i + 1;
    }
    jmc_buffer_add(&sse->line, bytes + start, count - start);
    return sse->line.used + sse->data.used <= JMC_SSE_EVENT_BYTES;
}

void jmc_sse_reset(struct jmc_sse *sse)
{
    begin_event(sse);
    sse->line.used = 0;
    sse->after_cr = false;
}

void jmc_sse_fini(struct jmc_sse *sse)
{
    jmc_buffer_fini(&sse->line);
    jmc_buffer_fini(&sse->data);
    jmc_buffer_fini(&sse->id);
    jmc_buffer_fini(&sse->type);
}
