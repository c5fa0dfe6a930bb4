/* The fake host: the life of plugins, and the extensions that are a few lines each. */
#include "internal.h"

#include <junmai/sdk/span.h>
#include <stdarg.h>
#include <stdio.h>

#define START_MS INT64_C(1762691696789) /* 2025-11-09T12:34:56.789Z */

struct fake_plugin *fake_plugin_of(const jm_host *host)
{
    return host->host_data;
}

void fake_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

jm_status fake_fail(struct fake_plugin *plugin, jm_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(plugin->sentence, sizeof(plugin->sentence), format, args);
    va_end(args);
    return status;
}

static jm_span error_last(const jm_host *host)
{
    return jm_span_of(fake_plugin_of(host)->sentence);
}

static jm_status error_set(const jm_host *host, jm_status status, jm_span sentence)
{
    /* The sentence may be the one that error_last() gave. */
    char copy[512];
    jm_span cut = jm_span_cut(sentence, sizeof(copy) - 1);
    memcpy(copy, cut.len > 0 ? cut.ptr : "", cut.len);
    copy[cut.len] = '\0';
    return fake_fail(fake_plugin_of(host), status, "%s", copy);
}

static const jm_host_error error_table = {sizeof(jm_host_error), error_last, error_set};

static int64_t clock_utc_ms(const jm_host *host)
{
    return fake_plugin_of(host)->world->now_ms;
}

static uint64_t clock_monotonic_ms(const jm_host *host)
{
    return (uint64_t)(fake_plugin_of(host)->world->now_ms - START_MS);
}

static const jm_host_clock clock_table = {sizeof(jm_host_clock), clock_utc_ms, clock_monotonic_ms};

static void log_write(const jm_host *host, int32_t level, jm_span text)
{
    struct fakehost *world = fake_plugin_of(host)->world;
    (void)level;
    if (world->log_count < FAKE_LOG_LINES)
        world->log_lines[world->log_count++] = jm_span_dup(text);
}

static const jm_host_log log_table = {sizeof(jm_host_log), log_write};

static struct fake_service *find_service(struct fakehost *host, const char *id)
{
    for (size_t i = 0; i < host->service_count; i++) {
        if (strcmp(host->services[i].id, id) == 0)
            return &host->services[i];
    }
    return NULL;
}

static struct fake_service *add_service(struct fakehost *host, struct fake_plugin *owner,
                                        const char *id, const void *table, void *data)
{
    struct fake_service *service = find_service(host, id);
    if (service == NULL) {
        if (host->service_count == FAKE_SERVICES)
            fake_die("fakehost: more than %d services", FAKE_SERVICES);
        service = &host->services[host->service_count++];
        snprintf(service->id, sizeof(service->id), "%s", id);
    } else if (service->slot.table != NULL) {
        fake_die("fakehost: service %s is provided already", id);
    }
    service->owner = owner;
    service->slot = (jm_service_slot){table, data, service->slot.generation + 1};
    return service;
}

static jm_status service_provide(const jm_host *host, const char *id, const void *table, void *data)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    add_service(plugin->world, plugin, id, table, data);
    return JM_OK;
}

/* Whether the plugin's manifest names the service as one that may be missing. */
static bool is_optional(const struct fake_plugin *plugin, const char *id)
{
    json_t *manifest = json_loads(plugin->manifest, 0, NULL);
    size_t i;
    json_t *optional;
    bool found = false;
    json_array_foreach(json_object_get(manifest, "optional"), i, optional)
    {
        found = found || strcmp(json_string_value(optional), id) == 0;
    }
    json_decref(manifest);
    return found;
}

static jm_status service_require(const jm_host *host, const char *id,
                                 const jm_service_slot **slot_out)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    struct fake_service *service = find_service(plugin->world, id);
    if (service == NULL && !is_optional(plugin, id))
        return fake_fail(plugin, JM_EINVAL, "nobody provides service %s", id);
    if (service == NULL)
        service = add_service(plugin->world, NULL, id, NULL, NULL);
    *slot_out = &service->slot;
    return JM_OK;
}

static const jm_host_service service_table = {sizeof(jm_host_service), service_provide,
                                              service_require};

static const void *get_extension(const jm_host *host, const char *id)
{
    static const struct {
        const char *id;
        const void *table;
    } own[] = {
        {JM_EXT_CLOCK, &clock_table},     {JM_EXT_CONFIG, &fake_config_table},
        {JM_EXT_ERROR, &error_table},     {JM_EXT_EVENT, &fake_event_table},
        {JM_EXT_HTTP, &fake_http_table},  {JM_EXT_LOG, &log_table},
        {JM_EXT_SERVICE, &service_table}, {JM_EXT_STORE, &fake_store_table},
    };
    const struct fakehost *world = fake_plugin_of(host)->world;
    for (size_t i = 0; i < world->extension_count; i++) {
        if (strcmp(world->extensions[i].id, id) == 0)
            return world->extensions[i].table;
    }
    for (size_t i = 0; i < JM_COUNT(own); i++) {
        if (strcmp(own[i].id, id) == 0)
            return own[i].table;
    }
    return NULL;
}

struct fakehost *fakehost_new(void)
{
    struct fakehost *host = calloc(1, sizeof(*host));
    if (host == NULL)
        fake_die("fakehost: out of memory");
    host->now_ms = START_MS;
    fake_store_open(host);
    return host;
}

void fakehost_free(struct fakehost *host)
{
    for (size_t i = FAKE_PLUGINS; i-- > 0;) {
        if (host->plugins[i] != NULL)
            fakehost_unload(host, host->plugins[i]->name);
    }
    fake_event_truncate(host, 0);
    fake_request_fini(&host->request);
    for (size_t i = 0; i < host->log_count; i++)
        free(host->log_lines[i]);
    fake_store_close(host);
    free(host);
}

void fakehost_set_extension(struct fakehost *host, const char *id, const void *table)
{
    if (host->extension_count == FAKE_EXTENSIONS)
        fake_die("fakehost: more than %d extensions", FAKE_EXTENSIONS);
    snprintf(host->extensions[host->extension_count].id, 64, "%s", id);
    host->extensions[host->extension_count++].table = table;
}

static struct fake_plugin *find_plugin(const struct fakehost *host, const char *name)
{
    for (size_t i = 0; i < FAKE_PLUGINS; i++) {
        if (host->plugins[i] != NULL && strcmp(host->plugins[i]->name, name) == 0)
            return host->plugins[i];
    }
    fake_die("fakehost: no plugin %s is loaded", name);
}

/* Take back what a plugin has registered. */
static void forget(struct fakehost *host, struct fake_plugin *plugin)
{
    size_t kept = 0;
    for (size_t i = 0; i < host->route_count; i++) {
        if (host->routes[i].owner != plugin)
            host->routes[kept++] = host->routes[i];
    }
    host->route_count = kept;
    kept = 0;
    for (size_t i = 0; i < host->type_count; i++) {
        if (host->type_owners[i] == plugin)
            continue;
        host->type_owners[kept] = host->type_owners[i];
        host->types[kept++] = host->types[i];
    }
    host->type_count = kept;
    for (size_t i = 0; i < host->service_count; i++) {
        if (host->services[i].owner == plugin)
            host->services[i].slot.table = NULL;
    }
}

static void remove_plugin(struct fakehost *host, struct fake_plugin *plugin)
{
    plugin->plugin->destroy(plugin->plugin);
    forget(host, plugin);
    for (size_t i = 0; i < FAKE_PLUGINS; i++) {
        if (host->plugins[i] == plugin)
            host->plugins[i] = NULL;
    }
    json_decref(plugin->values);
    free(plugin);
}

jm_status fakehost_load(struct fakehost *host, const char *name, const jm_entry *entry)
{
    size_t slot = 0;
    while (slot < FAKE_PLUGINS && host->plugins[slot] != NULL)
        slot++;
    struct fake_plugin *plugin = calloc(1, sizeof(*plugin));
    if (slot == FAKE_PLUGINS || plugin == NULL)
        fake_die("fakehost: no room for plugin %s", name);
    plugin->world = host;
    snprintf(plugin->name, sizeof(plugin->name), "%s", name);
    plugin->host = (jm_host){sizeof(jm_host), JM_ABI_MINOR, plugin, get_extension};
    plugin->manifest = entry->manifest;
    plugin->values = json_object();
    plugin->plugin = entry->create(&plugin->host);
    if (plugin->plugin == NULL)
        fake_die("fakehost: plugin %s was not created", name);
    host->plugins[slot] = plugin;
    jm_status status = plugin->plugin->init(plugin->plugin);
    if (status == JM_OK)
        status = fake_store_migrate(plugin);
    if (status == JM_OK) {
        fakehost_begin(host);
        status = plugin->plugin->activate(plugin->plugin);
        fakehost_end(host, status == JM_OK);
    }
    if (status < 0) {
        fprintf(stderr, "fakehost: plugin %s: %s\n", name, plugin->sentence);
        remove_plugin(host, plugin);
    }
    return status;
}

void fakehost_unload(struct fakehost *host, const char *name)
{
    struct fake_plugin *plugin = find_plugin(host, name);
    fakehost_begin(host);
    jm_status status = plugin->plugin->drain(plugin->plugin);
    fakehost_end(host, status == JM_OK);
    remove_plugin(host, plugin);
}

const jm_host *fakehost_of(struct fakehost *host, const char *plugin)
{
    return &find_plugin(host, plugin)->host;
}

const char *fakehost_sentence(struct fakehost *host, const char *plugin)
{
    return find_plugin(host, plugin)->sentence;
}

bool fakehost_logged(struct fakehost *host, const char *text)
{
    for (size_t i = 0; i < host->log_count; i++) {
        if (strstr(host->log_lines[i], text) != NULL)
            return true;
    }
    return false;
}

int64_t fakehost_now_ms(const struct fakehost *host)
{
    return host->now_ms;
}

void fakehost_advance_ms(struct fakehost *host, int64_t ms)
{
    host->now_ms += ms;
}

const jm_service_slot *fakehost_service(struct fakehost *host, const char *id)
{
    struct fake_service *service = find_service(host, id);
    return service == NULL || service->slot.table == NULL ? NULL : &service->slot;
}

void fakehost_provide(struct fakehost *host, const char *id, const void *table, void *data)
{
    add_service(host, NULL, id, table, data);
}
