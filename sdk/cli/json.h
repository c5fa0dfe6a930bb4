/* Short forms for JSON documents. */
#ifndef JMC_JSON_H
#define JMC_JSON_H

#include <jansson.h>

/* A member that is a text; "" where it is none. */
const char *jmc_json_text(const json_t *object, const char *key);
/* A member that is a number, without its fraction; 0 where it is none. */
long long jmc_json_int(const json_t *object, const char *key);
/* Print a document as the commands do with --json, and release it. */
void jmc_json_print(json_t *document_take);

#endif
