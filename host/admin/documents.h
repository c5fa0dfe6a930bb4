/* Inside host/admin: what the two generated documents have in common. [loop] */
#ifndef JMH_ADMIN_DOCUMENTS_H
#define JMH_ADMIN_DOCUMENTS_H

#include "host/admin/admin.h"

#include <jansson.h>

void jmh_document_answer(struct jmh_exchange *exchange, json_t *document_take);
/* The `info` that both begin with. */
json_t *jmh_document_info(const char *title);
/* The schema of one member of a body, an answer or a query. */
struct jmh_member_decl;
json_t *jmh_document_member(const struct jmh_member_decl *decl);
/* The schema of an object with the members of "path:text|tags:text[]?"; any object where the list
 * is absent. */
json_t *jmh_document_object(jm_span members);

void jmh_document_openapi(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body);
void jmh_document_asyncapi(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body);

#endif
