/* What the routes of all three families read and answer alike. */
#ifndef APPROVAL_REQUEST_H
#define APPROVAL_REQUEST_H

#include "decide.h"
#include "waiting.h"

#include <junmai/sdk/query.h>

#define APPROVAL_USUAL_REASON JM_SPAN("User rejected")

/* The {id} of the path; one that no integer can hold names no photograph. Only in the handler. */
jm_status approval_request_photo(const struct approval_core *core, const jm_request *request,
                                 int64_t *photo_out);

/* Who asks: a name, or what kind of caller it is. */
jm_span approval_request_who(const jm_request *request);

/* What the body wishes; it is read into *doc_out, in which texts of the wish live: jm_doc_fini() is
 * due in either case. Of an approval `auto_export`, of a rejection `reason`; what is not given is as
 * the route has it. */
jm_status approval_request_approval(const struct approval_core *core, const jm_request *request,
                                    bool exports, jm_doc *doc_out, struct approval_wish *wish_out);
jm_status approval_request_rejection(const struct approval_core *core, const jm_request *request,
                                     jm_span reason, jm_doc *doc_out,
                                     struct approval_wish *wish_out);

/* The parameters `limit` (which starts as it is in `page`, and is 1000 at most) and `offset`. */
jm_status approval_request_range(const jm_query *query, struct approval_page *page);

static inline jm_query approval_query(const struct approval_core *core, const jm_request *request)
{
    return (jm_query){core->api.host, core->api.http, core->api.error, request->id};
}

static inline jm_status approval_body(const struct approval_core *core, const jm_request *request,
                                      jm_doc *doc_out)
{
    return jm_doc_init(doc_out, core->api.error, core->api.host, request->body);
}

static inline jm_status approval_respond(const struct approval_core *core,
                                         const jm_request *request, json_t *json_take)
{
    return jm_json_respond(core->api.http, core->api.host, request->id, 200, json_take);
}

#endif
