/* Entry, registrations, life, state. [loop] */
#include "everything.h"

#include "everything_manifest.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

struct everything everything;

static const jm_option options[] = {
    {"greeting", JM_OPTION_TEXT, 0, "\"hello\"", 0, 0, NULL, "What /everything/echo begins with."},
    {"tick_ms", JM_OPTION_INT, 0, "20", 1, 1000, NULL, "How often to tick, in milliseconds."},
};

static const jm_migration migrations[] = {
    {1, 0, "CREATE TABLE everything_notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"},
    {2, 0, "ALTER TABLE everything_notes ADD COLUMN length INTEGER NOT NULL DEFAULT 0;"},
};

static const jm_field stored_fields[] = {
    {"id", JM_FIELD_INT, 0, "Of the note."},
    {"text", JM_FIELD_TEXT, 0, "Its text."},
};
static const jm_field tick_fields[] = {{"ticks", JM_FIELD_INT, 0, "Since the start."}};

static const jm_event_type types[] = {
    {sizeof(jm_event_type), JM_RETAIN_DURABLE, "everything_stored", "everything", NULL,
     "A note was stored.", stored_fields, JM_COUNT(stored_fields)},
    {sizeof(jm_event_type), JM_RETAIN_MEMORY, "everything_ticked", "everything", "",
     "The ticker has ticked.", tick_fields, JM_COUNT(tick_fields)},
};

#define ROUTE(method, path, flags, help, query, fn)                  \
    {                                                                \
        sizeof(jm_route), flags, method, path, help, query, fn, NULL \
    }

static const jm_route routes[] = {
    ROUTE("GET", "/everything/echo/{word}", 0, "The greeting and the word.", "loud:bool=false",
          everything_echo),
    ROUTE("GET", "/everything/bytes/{count:int}", 0, "So many letters.", NULL, everything_bytes),
    ROUTE("POST", "/everything/notes", 0, "Store a note.", NULL, everything_store),
    ROUTE("POST", "/everything/fail", JM_ROUTE_BODY_OPTIONAL, "Write, publish, and fail.", NULL,
          everything_fail),
    ROUTE("POST", "/everything/inject", 0, "Publish the body as an undeclared event.", NULL,
          everything_inject),
    ROUTE("GET", "/everything/counts", 0, "What there is.", NULL, everything_counts),
    ROUTE("POST", "/everything/later", JM_ROUTE_BODY_OPTIONAL, "Answer from a timer.", NULL,
          everything_later),
    ROUTE("POST", "/everything/never", JM_ROUTE_BODY_OPTIONAL, "Do not answer.", NULL,
          everything_never),
    ROUTE("POST", "/everything/work", JM_ROUTE_BODY_OPTIONAL, "Answer from the pool.", NULL,
          everything_work),
    ROUTE("POST", "/everything/task", JM_ROUTE_BODY_OPTIONAL, "Answer from a worker.", NULL,
          everything_task),
    ROUTE("POST", "/everything/pipe", JM_ROUTE_BODY_OPTIONAL, "Answer from a watch.", NULL,
          everything_pipe),
    ROUTE("POST", "/everything/session", JM_ROUTE_BODY_OPTIONAL, "What a session takes.", NULL,
          everything_session),
};

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

static int64_t count_ticks(void *provider_data)
{
    return ((struct everything *)provider_data)->ticks;
}

static const struct everything_service service_table = {count_ticks};

static jm_status register_events(void)
{
    const jm_host *host = everything.host;
    jm_status status =
        everything.event->declare_channel(host, "everything", "The fixture's events.");
    for (size_t i = 0; status >= 0 && i < JM_COUNT(types); i++)
        status = everything.event->declare_type(host, &types[i]);
    if (status >= 0)
        status = everything.message->handle(host, "everything_echo", "Sent back to who sent it.",
                                            everything_message, NULL);
    return status;
}

static jm_status register_routes(void)
{
    jm_status status = JM_OK;
    for (size_t i = 0; status >= 0 && i < JM_COUNT(routes); i++)
        status = everything.http->add_route(everything.host, &routes[i]);
    return status;
}

static void find_tables(struct everything *all)
{
    const jm_host *host = all->host;
    all->log = host->get_extension(host, JM_EXT_LOG);
    all->error = host->get_extension(host, JM_EXT_ERROR);
    all->config = host->get_extension(host, JM_EXT_CONFIG);
    all->event = host->get_extension(host, JM_EXT_EVENT);
    all->message = host->get_extension(host, JM_EXT_MESSAGE);
    all->http = host->get_extension(host, JM_EXT_HTTP);
    all->client = host->get_extension(host, JM_EXT_CLIENT);
    all->clock = host->get_extension(host, JM_EXT_CLOCK);
    all->timer = host->get_extension(host, JM_EXT_TIMER);
    all->fd = host->get_extension(host, JM_EXT_FD);
    all->work = host->get_extension(host, JM_EXT_WORK);
    all->task = host->get_extension(host, JM_EXT_TASK);
    all->store = host->get_extension(host, JM_EXT_STORE);
    all->service = host->get_extension(host, JM_EXT_SERVICE);
    all->metric = host->get_extension(host, JM_EXT_METRIC);
}

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    struct everything *all = &everything;
    find_tables(all);
    jm_status status = all->config->declare(all->host, options, JM_COUNT(options));
    if (status >= 0)
        status = all->store->migrate(all->host, migrations, JM_COUNT(migrations));
    if (status >= 0)
        status = register_events();
    if (status >= 0)
        status = register_routes();
    if (status >= 0)
        status = all->service->provide(all->host, "test.everything/1", &service_table, all);
    if (status >= 0)
        status = all->service->require(all->host, "test.everything/1", &all->self);
    if (status >= 0)
        status = all->metric->declare(all->host, JM_METRIC_COUNTER, "calls_total", "kind=\"echo\"",
                                      "Calls of /everything/echo.", &all->calls);
    return status;
}

static jm_status on_tick(void *user, jm_id timer)
{
    (void)user, (void)timer;
    char fields[64];
    everything.ticks++;
    int len = snprintf(fields, sizeof fields, "{\"ticks\":%lld}", (long long)everything.ticks);
    return everything.event->publish(everything.host, JM_SPAN("everything_ticked"),
                                     (jm_span){NULL, 0}, (jm_span){fields, (size_t)len});
}

static jm_status activate(const jm_plugin *plugin)
{
    (void)plugin;
    struct everything *all = &everything;
    int64_t tick_ms = 0;
    jm_status status = all->config->get_int(all->host, "tick_ms", &tick_ms);
    if (status < 0)
        return status;
    all->starts++;
    if (pipe(all->pipe) != 0)
        return jm_fail(all->error, all->host, JM_EIO, "no pipe");
    status = all->timer->start(all->host, "ticker", (uint64_t)tick_ms, (uint64_t)tick_ms, on_tick,
                               NULL, &all->ticker);
    if (status >= 0)
        status = all->fd->watch(all->host, "pipe", all->pipe[0], JM_FD_READABLE,
                                everything_readable, NULL, &all->watch);
    return status;
}

static jm_status drain(const jm_plugin *plugin)
{
    (void)plugin;
    struct everything *all = &everything;
    (void)all->timer->stop(all->host, all->ticker);
    (void)all->fd->unwatch(all->host, all->watch);
    close(all->pipe[0]);
    close(all->pipe[1]);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    (void)plugin;
    everything.log->write(everything.host, JM_LOG_INFO, JM_SPAN("everything is destroyed"));
}

static jm_status save(const jm_plugin *plugin, jm_state_sink_fn sink, void *sink_data)
{
    (void)plugin;
    return sink(sink_data, (jm_span){(const char *)&everything.starts, sizeof everything.starts});
}

static jm_status load(const jm_plugin *plugin, int32_t version, jm_span bytes)
{
    (void)plugin, (void)version;
    if (bytes.len != sizeof everything.starts)
        return JM_EINVAL;
    memcpy(&everything.starts, bytes.ptr, sizeof everything.starts);
    return JM_OK;
}

static const void *get_extension(const jm_plugin *plugin, const char *id)
{
    static const jm_plugin_state state = {sizeof state, 1, 1, 0, save, load};
    (void)plugin;
    return strcmp(id, JM_EXT_STATE) == 0 ? &state : NULL;
}

static const jm_plugin *create(const jm_host *host)
{
    static const jm_plugin instance = {sizeof(jm_plugin), 0,     NULL,    init,
                                       activate,          drain, destroy, get_extension};
    everything = (struct everything){.host = host};
    return &instance;
}

JM_EXPORT extern const jm_entry JM_ENTRY;
const jm_entry JM_ENTRY = {
    JM_ABI_MAGIC, sizeof(jm_entry), JM_ABI_MAJOR, JM_ABI_MINOR, 0, JM_MANIFEST_TEXT, create};
