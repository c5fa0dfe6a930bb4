/* The event types of a host in the words of a programming language: what `junmai codegen` writes.
 *
 * The list is made from an AsyncAPI document, which a stranger may have written: names that cannot be
 * names of types are refused, and texts leave only as literals and comments. */
#ifndef JMC_CODEGEN_H
#define JMC_CODEGEN_H

#include "memory.h"

#include <jansson.h>
#include <stdbool.h>

struct jmc_event_type {
    const char *type;     /* "job_created" */
    char *name;           /* "JobCreated" */
    char *help;           /* one line without the end of any comment */
    const json_t *fields; /* name to schema, those of every event included */
    const json_t *required;
};

/* Channels and event types, each sorted by name; those of channels that begin with "_" are the host's
 * own affair and are left out. Texts belong to the document, which must outlive it. */
struct jmc_event_types {
    const char **channels;
    size_t channel_count;
    struct jmc_event_type *items;
    size_t count;
};

/* False after a complaint. Fini is due in either case. */
bool jmc_event_types_init(struct jmc_event_types *types_out, const json_t *document);
void jmc_event_types_fini(struct jmc_event_types *types);

/* Whether a field is one that every event has: type, timestamp, channel, seq. */
bool jmc_event_field_is_common(const char *field);
bool jmc_event_field_is_required(const struct jmc_event_type *type, const char *field);
/* A text of the document as one line that ends no comment; "" for none. To free(). */
char *jmc_event_comment(const json_t *text);

/* A JSON type, and what a language calls it. */
struct jmc_word {
    const char *type;
    const char *word;
};
/* The types of a schema in the words of a language, joined by " | ", each once; `unknown` where the
 * schema names none. `words` ends with an empty one. */
void jmc_event_field_words(struct jmc_buffer *out, const json_t *schema,
                           const struct jmc_word *words, const char *unknown);
/* A text as a literal of JSON, which TypeScript and Python read alike. */
void jmc_event_literal(struct jmc_buffer *out, const char *text);
/* Add text made as by printf. */
void jmc_buffer_addf(struct jmc_buffer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void jmc_codegen_ts(struct jmc_buffer *out, const struct jmc_event_types *types);
void jmc_codegen_python(struct jmc_buffer *out, const struct jmc_event_types *types);

#endif
