/* A plugin for tests: answers that are large, files that are, and requests that are held. Loop thread. */
#include "burden_manifest.h"

#include <junmai/ext/http.h>
#include <junmai/sdk/span.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES_MAX (64u << 20)

struct burden {
    const jm_host *host;
    const jm_host_http *http;
    jm_plugin plugin;
};

static size_t count_of(const struct burden *burden, jm_id request)
{
    jm_span digits = {NULL, 0};
    size_t count = 0;
    (void)burden->http->get_param(burden->host, request, "count", &digits);
    for (size_t i = 0; i < digits.len && count < BYTES_MAX; i++)
        count = count * 10 + (size_t)(digits.ptr[i] - '0');
    return count < BYTES_MAX ? count : BYTES_MAX;
}

/* GET /burden/bytes/N */
static jm_status send_bytes(void *user, const jm_request *request)
{
    const struct burden *burden = user;
    size_t count = count_of(burden, request->id);
    char *bytes = malloc(count + 1);
    if (bytes == NULL)
        return JM_ENOMEM;
    memset(bytes, 'b', count);
    jm_status status = burden->http->respond_bytes(burden->host, request->id, 200, "text/plain",
                                                   (jm_span){bytes, count});
    free(bytes);
    return status;
}

/* GET /burden/file/N: a file of zeros. */
static jm_status send_file(void *user, const jm_request *request)
{
    const struct burden *burden = user;
    FILE *file = tmpfile();
    if (file == NULL || ftruncate(fileno(file), (off_t)count_of(burden, request->id)) != 0)
        return JM_EIO;
    jm_status status = burden->http->respond_file(burden->host, request->id, dup(fileno(file)),
                                                  "application/octet-stream", (jm_span){NULL, 0});
    (void)fclose(file);
    return status;
}

/* POST /burden/never */
static jm_status hold(void *user, const jm_request *request)
{
    (void)user;
    (void)request;
    return JM_OK;
}

static jm_status init(const jm_plugin *plugin)
{
    struct burden *burden = plugin->plugin_data;
    const jm_route routes[] = {
        {sizeof(jm_route), 0, "GET", "/burden/bytes/{count:int}", "So many bytes.", NULL,
         send_bytes, burden, NULL, NULL},
        {sizeof(jm_route), 0, "GET", "/burden/file/{count:int}", "So large a file.", NULL,
         send_file, burden, NULL, NULL},
        {sizeof(jm_route), JM_ROUTE_BODY_OPTIONAL, "POST", "/burden/never", "No answer.", NULL,
         hold, burden, NULL, NULL},
    };
    burden->http = burden->host->get_extension(burden->host, JM_EXT_HTTP);
    jm_status status = burden->http != NULL ? JM_OK : JM_EUNSUPPORTED;
    for (size_t i = 0; status == JM_OK && i < JM_COUNT(routes); i++)
        status = burden->http->add_route(burden->host, &routes[i]);
    return status;
}

static jm_status nothing(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    free(plugin->plugin_data);
}

static const jm_plugin *create(const jm_host *host)
{
    struct burden *burden = calloc(1, sizeof *burden);
    if (burden == NULL)
        return NULL;
    burden->host = host;
    burden->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = burden,
        .init = init,
        .activate = nothing,
        .drain = nothing,
        .destroy = destroy,
    };
    return &burden->plugin;
}

JM_EXPORT const jm_entry JM_ENTRY = {
    .magic = JM_ABI_MAGIC,
    .size = sizeof(jm_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .manifest = JM_MANIFEST_TEXT,
    .create = create,
};
