/* Does in activate() what a plugin may do there, and then fails, unless it is given courage: nothing of
 * it may remain, and nobody may call it any more. [loop] */
#include "fixture.h"
#include "regrets_manifest.h"

#include <junmai/sdk/span.h>
#include <stdio.h>

static bool destroyed;

static const jm_option options[] = {
    {"courage", JM_OPTION_BOOL, 0, "false", 0, 0, NULL, "Start, and do nothing of it."}};

static const jm_migration migrations[] = {
    {1, 0, "CREATE TABLE regrets_rows (id INTEGER PRIMARY KEY);"}};

static const jm_field fields[] = {{"n", JM_FIELD_INT, 0, "A number."}};

static jm_status count_row(void *user, const jm_value *columns, size_t count)
{
    *(int64_t *)user = count == 1 ? columns[0].integer : -1;
    return JM_OK;
}

/* GET /regrets: how many rows there are. */
static jm_status answer(void *user, const jm_request *request)
{
    (void)user;
    const jm_host_store *store = fixture_table(JM_EXT_STORE);
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    int64_t rows = -1;
    char json[40];
    jm_status status = store->exec(fixture_host, "SELECT count(*) FROM regrets_rows", NULL, 0,
                                   count_row, &rows, NULL);
    snprintf(json, sizeof json, "{\"rows\":%lld}", (long long)rows);
    return status < 0 ? status : http->respond(fixture_host, request->id, 200, fixture_span(json));
}

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    const jm_host_config *config = fixture_table(JM_EXT_CONFIG);
    const jm_host_store *store = fixture_table(JM_EXT_STORE);
    const jm_host_event *event = fixture_table(JM_EXT_EVENT);
    const jm_host_http *http = fixture_table(JM_EXT_HTTP);
    const jm_route route = {.size = sizeof route,
                            .method = "GET",
                            .path = "/regrets",
                            .help = "How many rows there are.",
                            .fn = answer};
    const jm_event_type type = {.size = sizeof type,
                                .retention = JM_RETAIN_DURABLE,
                                .name = "regrets_started",
                                .channel = "regrets",
                                .help = "It has started.",
                                .fields = fields,
                                .field_count = 1};
    jm_status status = config->declare(fixture_host, options, JM_COUNT(options));
    if (status >= 0)
        status = store->migrate(fixture_host, migrations, 1);
    if (status >= 0)
        status = http->add_route(fixture_host, &route);
    if (status >= 0)
        status = event->declare_channel(fixture_host, "regrets", "The fixture's.");
    return status < 0 ? status : event->declare_type(fixture_host, &type);
}

/* Wants to know it again and again, as a plugin does that works in steps. */
static jm_status on_turn_end(void *user, jm_status status)
{
    (void)user, (void)status;
    const jm_host_log *log = fixture_table(JM_EXT_LOG);
    const jm_host_store *store = fixture_table(JM_EXT_STORE);
    log->write(fixture_host, JM_LOG_INFO,
               destroyed ? JM_SPAN("called after its end") : JM_SPAN("called before its end"));
    return store->after_commit(fixture_host, on_turn_end, NULL);
}

static jm_status lose_courage(void)
{
    const jm_host_store *store = fixture_table(JM_EXT_STORE);
    const jm_host_event *event = fixture_table(JM_EXT_EVENT);
    const jm_host_client *client = fixture_table(JM_EXT_CLIENT);
    const jm_client_desc desc = {.size = sizeof desc, .transport = "regrets"};
    jm_id id;
    jm_status status = store->exec(fixture_host, "INSERT INTO regrets_rows DEFAULT VALUES", NULL, 0,
                                   NULL, NULL, NULL);
    if (status >= 0)
        status = event->publish(fixture_host, JM_SPAN("regrets_started"), (jm_span){NULL, 0},
                                JM_SPAN("{\"n\":1}"));
    if (status >= 0)
        status = client->open(fixture_host, &desc, &id);
    if (status >= 0)
        status = store->after_commit(fixture_host, on_turn_end, NULL);
    return status < 0 ? status : fixture_fail(JM_EBUSY, "there is no camera");
}

static jm_status activate(const jm_plugin *plugin)
{
    (void)plugin;
    const jm_host_config *config = fixture_table(JM_EXT_CONFIG);
    int32_t courage = 0;
    jm_status status = config->get_bool(fixture_host, "courage", &courage);
    return status < 0 || courage != 0 ? status : lose_courage();
}

static void destroy(const jm_plugin *plugin)
{
    (void)plugin;
    destroyed = true;
}

static const jm_plugin *create(const jm_host *host)
{
    static const jm_plugin instance = {.size = sizeof(jm_plugin),
                                       .init = init,
                                       .activate = activate,
                                       .drain = fixture_ok,
                                       .destroy = destroy};
    fixture_host = host;
    return &instance;
}

JM_EXPORT extern const jm_entry JM_ENTRY;
const jm_entry JM_ENTRY = {
    JM_ABI_MAGIC, sizeof(jm_entry), JM_ABI_MAJOR, JM_ABI_MINOR, 0, JM_MANIFEST_TEXT, create};
