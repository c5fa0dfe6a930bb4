/* Reading requests. */
#include "request.h"

#define LIMIT_MAX 1000

jm_status approval_request_photo(const struct approval_core *core, const jm_request *request,
                                 int64_t *photo_out)
{
    jm_span text;
    if (core->api.http->get_param(core->api.host, request->id, "id", &text) < 0 ||
        !jm_span_to_int(text, photo_out))
        return approval_fail(core, JM_ENOENT, "Photo not found");
    return JM_OK;
}

jm_span approval_request_who(const jm_request *request)
{
    const jm_caller *caller = request->caller;
    if (caller == NULL)
        return JM_SPAN("local");
    if (caller->name.len > 0)
        return caller->name;
    return caller->kind == JM_CALLER_LOCAL ? JM_SPAN("local") : JM_SPAN("anonymous");
}

jm_status approval_request_approval(const struct approval_core *core, const jm_request *request,
                                    bool exports, jm_doc *doc_out, struct approval_wish *wish_out)
{
    *wish_out = (struct approval_wish){
        .action = APPROVAL_APPROVE,
        .who = approval_request_who(request),
        .exports = exports,
    };
    jm_status status = approval_body(core, request, doc_out);
    return status == JM_OK ? jm_doc_bool(doc_out, "auto_export", false, &wish_out->exports)
                           : status;
}

jm_status approval_request_rejection(const struct approval_core *core, const jm_request *request,
                                     jm_span reason, jm_doc *doc_out,
                                     struct approval_wish *wish_out)
{
    *wish_out = (struct approval_wish){
        .action = APPROVAL_REJECT,
        .who = approval_request_who(request),
        .reason = reason,
    };
    jm_status status = approval_body(core, request, doc_out);
    if (status < 0)
        return status;
    wish_out->has_reason = jm_doc_value(doc_out, "reason") != NULL;
    return jm_doc_text(doc_out, "reason", false, &wish_out->reason);
}

jm_status approval_request_range(const jm_query *query, struct approval_page *page)
{
    jm_status status = jm_query_int(query, "limit", 0, &page->limit);
    if (page->limit > LIMIT_MAX)
        page->limit = LIMIT_MAX;
    return status == JM_OK ? jm_query_int(query, "offset", 0, &page->offset) : status;
}
