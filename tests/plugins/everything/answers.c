/* What is answered at once: path, query, header, options, errors, files, an undeclared event. [loop] */
#include "everything.h"

#include <fcntl.h>
#include <stdarg.h>

jm_status everything_answer(jm_id request, int32_t status, const char *format, ...)
{
    char json[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(json, sizeof json, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof json)
        return JM_ENOMEM;
    return everything.http->respond(everything.host, request, status, (jm_span){json, (size_t)len});
}

int64_t everything_number(jm_id request, const char *name, int64_t absent)
{
    jm_span digits;
    char text[24];
    if (everything.http->get_param(everything.host, request, name, &digits) < 0 &&
        everything.http->get_query(everything.host, request, name, &digits) < 0)
        return absent;
    snprintf(text, sizeof text, "%.*s", JM_SPAN_ARGS(digits));
    return strtoll(text, NULL, 10);
}

int everything_open(jm_span name)
{
    char path[512];
    jm_span folder = everything.config->data_dir(everything.host);
    snprintf(path, sizeof path, "%.*s/everything/%.*s", JM_SPAN_ARGS(folder), JM_SPAN_ARGS(name));
    int fd = memchr(name.ptr, '/', name.len) == NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        (void)jm_fail(everything.error, everything.host, JM_ENOENT, "there is no file '%.*s'",
                      JM_SPAN_ARGS(name));
    return fd;
}

jm_status everything_echo(void *user, const jm_request *request)
{
    (void)user;
    const jm_host *host = everything.host;
    jm_span word, greeting, agent = {NULL, 0}, loud = JM_SPAN("false");
    jm_status status = everything.http->get_param(host, request->id, "word", &word);
    if (status >= 0)
        status = everything.config->get_text(host, "greeting", &greeting);
    if (status < 0)
        return status;
    (void)everything.http->get_query(host, request->id, "loud", &loud);
    (void)everything.http->get_header(host, request->id, "X-Fixture", &agent);
    (void)everything.http->set_header(host, request->id, "X-Everything", JM_SPAN("yes"));
    (void)everything.metric->add(host, everything.calls, 1);
    return everything_answer(request->id, 200,
                             "{\"greeting\":\"%.*s\",\"word\":\"%.*s\",\"loud\":\"%.*s\","
                             "\"header\":\"%.*s\",\"caller\":%d}",
                             JM_SPAN_ARGS(greeting), JM_SPAN_ARGS(word), JM_SPAN_ARGS(loud),
                             JM_SPAN_ARGS(agent), (int)request->caller->kind);
}

jm_status everything_bytes(void *user, const jm_request *request)
{
    (void)user;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    int64_t count = everything_number(request->id, "count", 0);
    if (count >= (int64_t)sizeof letters)
        return jm_fail(everything.error, everything.host, JM_EINVAL, "there are only 26 letters");
    return everything.http->respond_bytes(everything.host, request->id, 200, "text/plain",
                                          (jm_span){letters, (size_t)count});
}

jm_status everything_options(void *user, const jm_request *request)
{
    (void)user;
    const jm_host_config *config = everything.config;
    const jm_host *host = everything.host;
    int32_t polite;
    int64_t tick_ms;
    double scale, as_number;
    jm_span greeting, tag;
    size_t tags = 0;
    if (config->get_bool(host, "polite", &polite) < 0 ||
        config->get_int(host, "tick_ms", &tick_ms) < 0 ||
        config->get_number(host, "scale", &scale) < 0 ||
        config->get_number(host, "tick_ms", &as_number) < 0 ||
        config->get_text(host, "greeting", &greeting) < 0)
        return JM_EIO;
    while (config->get_item(host, "tags", tags, &tag) >= 0)
        tags++;
    jm_status wrong_type = config->get_int(host, "greeting", &tick_ms);
    jm_status unknown = config->get_int(host, "colour", &tick_ms);
    return everything_answer(request->id, 200,
                             "{\"greeting\":\"%.*s\",\"tick_ms\":%lld,\"polite\":%s,"
                             "\"scale\":%g,\"tags\":%zu,\"wrong_type\":%d,\"unknown\":%d}",
                             JM_SPAN_ARGS(greeting), (long long)as_number,
                             polite != 0 ? "true" : "false", scale, tags, (int)wrong_type,
                             (int)unknown);
}

jm_status everything_error(void *user, const jm_request *request)
{
    (void)user;
    jm_span silent;
    jm_status status = (jm_status)-everything_number(request->id, "code", 0);
    if (everything.http->get_query(everything.host, request->id, "silent", &silent) >= 0)
        return status;
    return jm_fail(everything.error, everything.host, status, "as \"asked\"");
}

/* The content type is gone when the answer leaves, as one that was read from a table would be. */
jm_status everything_file(void *user, const jm_request *request)
{
    (void)user;
    const jm_host *host = everything.host;
    jm_span name, type = JM_SPAN("application/octet-stream"), etag = {NULL, 0};
    static char content_type[64];
    jm_status status = everything.http->get_param(host, request->id, "name", &name);
    if (status < 0)
        return status;
    (void)everything.http->get_query(host, request->id, "type", &type);
    (void)everything.http->get_query(host, request->id, "etag", &etag);
    snprintf(content_type, sizeof content_type, "%.*s", JM_SPAN_ARGS(type));
    int fd = everything_open(name);
    if (fd < 0)
        return JM_ENOENT;
    status = everything.http->respond_file(host, request->id, fd, content_type, etag);
    memset(content_type, '?', sizeof content_type - 1);
    return status;
}

jm_status everything_inject(void *user, const jm_request *request)
{
    (void)user;
    jm_status status =
        everything.event->inject(everything.host, JM_SPAN("everything_injected"),
                                 JM_SPAN("everything"), request->body, JM_RETAIN_MEMORY);
    return status < 0 ? status : everything_answer(request->id, 202, "{}");
}
