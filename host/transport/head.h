/* The head of an HTTP/1.1 request: parsed in place, strictly. Plain functions over bytes. [any]
 *
 * What RFC 9112 lets a server take or leave is left, where two readers of the same bytes could see
 * different requests: bare line feeds, folded lines, space before a colon, two lengths. */
#ifndef JMH_TRANSPORT_HEAD_H
#define JMH_TRANSPORT_HEAD_H

#include <junmai/types.h>
#include <stdbool.h>

#define JMH_HEAD_BYTES_MAX 16384u
#define JMH_HEAD_FIELDS_MAX 100u

/* Places in the bytes of the head, which stay the caller's. */
struct jmh_head_field {
    uint16_t name_at, name_len, value_at, value_len;
};

struct jmh_head {
    uint16_t bytes; /* all of it, with the empty line */
    uint16_t method_at, method_len;
    uint16_t target_at, target_len; /* from the "/" on */
    bool is_http10;
    uint16_t field_count;
    struct jmh_head_field fields[JMH_HEAD_FIELDS_MAX];
};

/* What cannot be served: a status, and the sentence for the answer. */
struct jmh_head_fault {
    int status;
    const char *sentence;
};

enum jmh_head_state {
    JMH_HEAD_PARTIAL, /* more bytes are needed; call again with all of them */
    JMH_HEAD_WHOLE,
    JMH_HEAD_FAULTY,
};

/* `looked_at` is how many of the bytes were there at the last call (0 at first). Header names become
 * lower case. */
enum jmh_head_state jmh_head_parse(char *bytes, size_t len, size_t looked_at, struct jmh_head *out,
                                   struct jmh_head_fault *fault_out);

/* A header by lower-case name: the first of it, and whether there is another. */
bool jmh_head_get(const struct jmh_head *head, const char *bytes, const char *name,
                  jm_span *value_out);
bool jmh_head_repeats(const struct jmh_head *head, const char *bytes, const char *name);
/* Whether a comma-separated list has that token, in any case. */
bool jmh_head_has_token(jm_span list, const char *token);

/* What follows the head. */
struct jmh_head_body {
    bool is_chunked;
    uint64_t length;
};
bool jmh_head_body(const struct jmh_head *head, const char *bytes, struct jmh_head_body *body_out,
                   struct jmh_head_fault *fault_out);
/* Whether the peer wants another request behind this one. */
bool jmh_head_keeps_alive(const struct jmh_head *head, const char *bytes);

#endif
