/* All that the fixture declares: options, tables, events, messages, routes, a service, metrics. [loop] */
#include "everything.h"

static const jm_option options[] = {
    {"greeting", JM_OPTION_TEXT, 0, "\"hello\"", 0, 0, NULL, "What /everything/echo begins with."},
    {"tick_ms", JM_OPTION_INT, 0, "20", 1, 1000, NULL, "How often to tick, in milliseconds."},
    {"polite", JM_OPTION_BOOL, 0, "true", 0, 0, NULL, "Read back by /everything/options."},
    {"scale", JM_OPTION_NUMBER, 0, "1.5", 0, 10, NULL, "Read back by /everything/options."},
    {"tags", JM_OPTION_LIST, 0, "[\"a\"]", 0, 0, NULL, "Read back by /everything/options."},
};

static const jm_migration migrations[] = {
    {1, 0, "CREATE TABLE everything_notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"},
    {2, 0, "ALTER TABLE everything_notes ADD COLUMN length INTEGER NOT NULL DEFAULT 0;"},
};

static const jm_field stored_fields[] = {
    {"id", JM_FIELD_INT, 0, "Of the note."},
    {"text", JM_FIELD_TEXT, 0, "How long it is."},
};
static const jm_field tick_fields[] = {{"ticks", JM_FIELD_INT, 0, "Since the start."}};
static const jm_field progress_fields[] = {
    {"task", JM_FIELD_INT, 0, "Its id."},
    {"percent", JM_FIELD_NUMBER, 0, "How far it is, 0 to 100."},
    {"detail", JM_FIELD_OBJECT | JM_FIELD_NULL, 0, "What the task says of it."},
};

static const jm_event_type types[] = {
    {sizeof(jm_event_type), JM_RETAIN_DURABLE, "everything_stored", "everything", NULL,
     "A note was stored.", stored_fields, JM_COUNT(stored_fields)},
    {sizeof(jm_event_type), JM_RETAIN_MEMORY, "everything_ticked", "everything_ticks", "",
     "The ticker has ticked.", tick_fields, JM_COUNT(tick_fields)},
    {sizeof(jm_event_type), JM_RETAIN_MEMORY, "everything_progressed", "everything_tasks", "task",
     "A task has come further.", progress_fields, JM_COUNT(progress_fields)},
};

#define ROUTE(method_, path_, flags_, help_, query_, fn_)                                          \
    {                                                                                              \
        .size = sizeof(jm_route), .flags = flags_, .method = method_, .path = "/everything" path_, \
        .help = help_, .query = query_, .fn = fn_                                                  \
    }
#define NO_BODY JM_ROUTE_BODY_OPTIONAL

static const jm_route routes[] = {
    ROUTE("GET", "/echo/{word}", 0, "The greeting and the word.", "loud:bool=false",
          everything_echo),
    ROUTE("GET", "/bytes/{count:int}", 0, "So many letters.", NULL, everything_bytes),
    ROUTE("GET", "/options", 0, "The options.", NULL, everything_options),
    ROUTE("GET", "/error/{code:int}", 0, "Fail with a status.", "silent:bool", everything_error),
    ROUTE("GET", "/form/{code:int}", JM_ROUTE_SUCCESS_FORM, "Fail in the other form.",
          "silent:bool", everything_error),
    ROUTE("GET", "/file/{name}", 0, "A file of the data directory.", "etag:text|type:text",
          everything_file),
    ROUTE("POST", "/inject", 0, "Publish the body as an undeclared event.", NULL,
          everything_inject),
    ROUTE("POST", "/notes", 0, "Store a note.", NULL, everything_store),
    ROUTE("POST", "/fail", NO_BODY, "Write, publish, and fail.", NULL, everything_fail),
    ROUTE("POST", "/confess", 0, "Write, publish, answer, and fail.", NULL, everything_confess),
    ROUTE("POST", "/sql", NO_BODY, "Run a statement.", "text:text", everything_sql),
    ROUTE("GET", "/counts", 0, "What there is.", NULL, everything_counts),
    ROUTE("POST", "/later", NO_BODY, "Answer from a timer.", NULL, everything_later),
    ROUTE("POST", "/never", NO_BODY, "Do not answer.", NULL, everything_never),
    ROUTE("POST", "/work", NO_BODY, "Answer from the pool.", NULL, everything_work),
    ROUTE("POST", "/crowd", NO_BODY, "Take back what the pool has not begun.", NULL,
          everything_cancel_work),
    ROUTE("POST", "/pipe", NO_BODY, "Answer from a watch.", NULL, everything_pipe),
    ROUTE("POST", "/task/{name}", NO_BODY, "Answer from a worker.",
          "wall_ms:int|cpu_ms:int|memory_mib:int|file:text", everything_task),
    ROUTE("POST", "/cancel/{task:int}", NO_BODY, "End a task.", NULL, everything_cancel_task),
    ROUTE("POST", "/session", NO_BODY, "What a session takes.", NULL, everything_session),
    ROUTE("POST", "/pollers", NO_BODY, "Open a session for a poller.", NULL,
          everything_poller_open),
    ROUTE("POST", "/pollers/{client:int}", 0, "A message of the poller.", "later:bool",
          everything_poller_say),
    ROUTE("GET", "/pollers/{client:int}", 0, "What there is for the poller.", "max:int|ack:int",
          everything_poller_take),
    ROUTE("DELETE", "/pollers/{client:int}", 0, "End the session.", NULL, everything_poller_close),
};

static int64_t count_ticks(void *provider_data)
{
    return ((struct everything *)provider_data)->ticks;
}

static const struct everything_service service_table = {count_ticks};

static jm_status register_events(const jm_host *host)
{
    static const char *const channels[] = {"everything", "everything_ticks", "everything_tasks"};
    jm_status status = JM_OK;
    for (size_t i = 0; status >= 0 && i < JM_COUNT(channels); i++)
        status = everything.event->declare_channel(host, channels[i], "The fixture's events.");
    for (size_t i = 0; status >= 0 && i < JM_COUNT(types); i++)
        status = everything.event->declare_type(host, &types[i]);
    return status;
}

static jm_status register_handlers(const jm_host *host)
{
    jm_status status = everything.message->handle(
        host, "everything_echo", "Sent back to who sent it.", everything_echo_message, NULL);
    if (status >= 0)
        status = everything.message->handle(host, "everything_note", "Stored as a note.",
                                            everything_note_message, NULL);
    for (size_t i = 0; status >= 0 && i < JM_COUNT(routes); i++)
        status = everything.http->add_route(host, &routes[i]);
    return status;
}

jm_status everything_register(void)
{
    struct everything *all = &everything;
    const jm_host *host = all->host;
    jm_status status = all->config->declare(host, options, JM_COUNT(options));
    if (status >= 0)
        status = all->store->migrate(host, migrations, JM_COUNT(migrations));
    if (status >= 0)
        status = register_events(host);
    if (status >= 0)
        status = register_handlers(host);
    if (status >= 0)
        status = all->service->provide(host, "test.everything/1", &service_table, all);
    if (status >= 0)
        status = all->service->require(host, "test.everything/1", &all->self);
    if (status >= 0)
        status = all->metric->declare(host, JM_METRIC_COUNTER, "calls_total", "kind=\"echo\"",
                                      "Calls of /everything/echo.", &all->calls);
    if (status >= 0)
        status = all->metric->declare(host, JM_METRIC_GAUGE, "notes", NULL,
                                      "Notes, when they were last counted.", &all->notes);
    return status;
}
