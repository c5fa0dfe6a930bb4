/* ETag, Cache-Control, and the file. */
#include "answer.h"

#include "cache.h"
#include "paths.h"

bool answer_from_cache(struct preview_core *core, jm_id request, const char *hash, int size)
{
    char etag[HASH_BYTES + 32];
    int fd = cache_open(core, hash, size);
    if (fd < 0) {
        return false;
    }
    snprintf(etag, sizeof etag, "%s-%d-r%d", hash, preview_sizes[size].edge, PREVIEW_RECIPE);
    core->http->set_header(core->host, request, "Cache-Control", JM_SPAN("private, max-age=3600"));
    core->http->respond_file(core->host, request, fd, "image/jpeg", jm_span_of(etag));
    return true;
}
