/* Registers one thing of each kind; the configured one is spoiled, so that the host refuses it. [loop] */
#include "fixture.h"
#include "partial_manifest.h"

#include <junmai/sdk/span.h>

static const jm_option options[] = {
    {"spoiled", JM_OPTION_INT, 0, "0", 0, 9, NULL, "The registration that is wrong; 0: none."}};

static const jm_migration migrations[] = {
    {1, 0, "CREATE TABLE partial_rows (id INTEGER PRIMARY KEY);"}};

static const jm_field fields[] = {{"n", JM_FIELD_INT, 0, "A number."}};

static jm_status answer(void *user, const jm_request *request)
{
    (void)user;
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    return http->respond(fixture_host, request->id, 200, JM_SPAN("{}"));
}

static jm_status on_message(void *user, const jm_message *message)
{
    (void)user, (void)message;
    return JM_OK;
}

static jm_status declare_schema(bool spoil)
{
    const jm_host_store *store = fixture_table(JM_EXT_STORE);
    return store->migrate(fixture_host, migrations, spoil ? 0 : 1);
}

static jm_status declare_channel(bool spoil)
{
    const jm_host_event *event = fixture_table(JM_EXT_EVENT);
    return event->declare_channel(fixture_host, spoil ? "Partial" : "partial", "The fixture's.");
}

static jm_status declare_type(bool spoil)
{
    const jm_host_event *event = fixture_table(JM_EXT_EVENT);
    const jm_event_type type = {.size = sizeof type,
                                .retention = JM_RETAIN_DURABLE,
                                .name = "partial_done",
                                .channel = "partial",
                                .help = spoil ? NULL : "Never.",
                                .fields = fields,
                                .field_count = 1};
    return event->declare_type(fixture_host, &type);
}

static jm_status add_route(bool spoil)
{
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    const jm_route route = {.size = sizeof route,
                            .method = spoil ? "FETCH" : "GET",
                            .path = "/partial",
                            .help = "Nothing.",
                            .fn = answer};
    return http->add_route(fixture_host, &route);
}

/* A route of the host: its own set is right, the index of all finds the fault. */
static jm_status add_second_route(bool spoil)
{
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    const jm_route route = {.size = sizeof route,
                            .method = "GET",
                            .path = spoil ? "/healthz" : "/partial/second",
                            .help = "Nothing.",
                            .fn = answer};
    return http->add_route(fixture_host, &route);
}

static jm_status handle_message(bool spoil)
{
    const jm_host_message *message = fixture_table(JM_EXT_MESSAGE);
    return message->handle(fixture_host, "partial_message", "Nothing.", spoil ? NULL : on_message,
                           NULL);
}

static jm_status provide_service(bool spoil)
{
    static const int table = 1;
    const jm_host_service *service = fixture_table(JM_EXT_SERVICE);
    return service->provide(fixture_host, spoil ? "test.other/1" : "test.partial/1", &table, NULL);
}

/* And the metric that was declared before it, which is not its own, is out of its reach. */
static jm_status declare_counter(bool spoil)
{
    jm_id id;
    const jm_host_metric *metric = fixture_table(JM_EXT_METRIC);
    jm_status status = metric->declare(fixture_host, JM_METRIC_COUNTER,
                                       spoil ? "rows" : "rows_total", NULL, "Nothing.", &id);
    if (status < 0 || metric->add(fixture_host, id - 1, 1) == JM_EGONE)
        return status;
    return fixture_fail(JM_EACCES, "it can change the metric of another plugin");
}

/* The same metric a second time. */
static jm_status declare_gauge(bool spoil)
{
    jm_id id;
    const jm_host_metric *metric = fixture_table(JM_EXT_METRIC);
    return metric->declare(fixture_host, spoil ? JM_METRIC_COUNTER : JM_METRIC_GAUGE,
                           spoil ? "rows_total" : "rows", NULL, "Nothing.", &id);
}

static jm_status (*const registrations[])(bool spoil) = {
    declare_schema, declare_channel, declare_type,    add_route,    add_second_route,
    handle_message, provide_service, declare_counter, declare_gauge};

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    const jm_host_config *config = fixture_table(JM_EXT_CONFIG);
    int64_t spoiled = 0;
    jm_status status = config->declare(fixture_host, options, JM_COUNT(options));
    if (status >= 0)
        status = config->get_int(fixture_host, "spoiled", &spoiled);
    for (size_t i = 0; status >= 0 && i < JM_COUNT(registrations); i++)
        status = registrations[i]((int64_t)i + 1 == spoiled);
    return status;
}

FIXTURE_PLUGIN(init, fixture_ok);
