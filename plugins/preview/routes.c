/* The route: from the cache at once, or later from a job. */
#include "routes.h"

#include "answer.h"
#include "failures.h"
#include "job.h"
#include "sizes.h"

#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>

static jm_status read_size(struct preview_core *core, jm_id request, int *size_out)
{
    const jm_query query = {core->host, core->http, core->error, request};
    jm_span name;
    *size_out = PREVIEW_SIZE_DEFAULT;
    if (!jm_query_text(&query, "size", &name)) {
        return JM_OK;
    }
    *size_out = preview_size_named(name);
    return *size_out >= 0 ? JM_OK : jm_query_wrong(&query, "size", "small, medium or large", name);
}

static jm_status answer(struct preview_core *core, const jm_request *request,
                        const struct photo *photo, int size)
{
    char reason[REASON_BYTES];
    if (answer_from_cache(core, request->id, photo->hash, size)) {
        core->metric->add(core->host, core->metrics.hits, 1);
        return JM_OK;
    }
    if (failure_find(core, photo->hash, reason)) {
        return core->http->respond_error(core->host, request->id, 400, jm_span_of(reason));
    }
    if (!core->active) {
        return preview_fail(core, JM_EBUSY, "thumbnails are not made now; try again in a moment");
    }
    return job_ask(core, photo, request->id, size);
}

static jm_status on_thumbnail(void *user, const jm_request *request)
{
    struct preview_core *core = user;
    struct photo photo = {0};
    jm_span text;
    int64_t id = 0;
    int size;
    jm_status status = read_size(core, request->id, &size);
    if (status == JM_OK) {
        status = core->http->get_param(core->host, request->id, "id", &text);
    }
    if (status == JM_OK && !jm_span_to_int(text, &id)) {
        status = preview_fail(core, JM_ENOENT, "Photo not found");
    }
    if (status == JM_OK) {
        status = photo_get(core, id, &photo);
    }
    if (status == JM_OK) {
        status = answer(core, request, &photo, size);
    }
    photo_fini(&photo);
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/api/photos/{id:int}/thumbnail",
     .help = "A small JPEG of the photograph; made when it is first asked for.",
     .query = "size:text=medium",
     .answer = "image/jpeg",
     .fn = on_thumbnail},
};

jm_status routes_add(struct preview_core *core)
{
    return jm_routes_add(core->http, core->host, routes, JM_COUNT(routes), core);
}
