/* What the studio's document must be: CONFIG of the wire contract.
 *
 * Plain functions over jansson; no host. Every key is required, further keys are allowed. */
#ifndef SYSTEM_RULES_H
#define SYSTEM_RULES_H

#include <jansson.h>
#include <stdbool.h>

#define RULES_SENTENCE_BYTES 384

/* Whether the document holds to the rules; if not, the sentence says where and what, of several
 * faults the one nearest to the root: "Validation failed at 'a.b': …". */
bool rules_check(const json_t *document, char sentence_out[RULES_SENTENCE_BYTES]);

/* The document before anybody has changed it, owned by the caller; NULL when out of memory. */
json_t *rules_default(void);

#endif
