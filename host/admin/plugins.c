/* GET /plugins: what is loaded, what it provides, what it has under way. [loop] */
#include "host/admin/admin.h"
#include "host/plugin/lease.h"
#include "host/util/span.h"
#include "host/util/time.h"

static void add_list(struct jmh_buf *json, const char *name, char *const *list)
{
    jmh_buf_addf(json, ",\"%s\":[", name);
    for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
        jmh_buf_add_text(json, i > 0 ? "," : "");
        jmh_buf_add_json_text(json, jmh_span(list[i]));
    }
    jmh_buf_add_text(json, "]");
}

static void add_leases(struct jmh_buf *json, const struct jmh_plugin *plugin)
{
    uint64_t now_ms = jmh_time_monotonic_ms();
    const char *before = "";
    jmh_buf_add_text(json, ",\"leases\":[");
    for (const struct jmh_lease *lease = jmh_leases_first(plugin); lease != NULL;
         lease = lease->next) {
        jmh_buf_addf(json, "%s{\"kind\":\"%s\",\"label\":", before,
                     jmh_lease_kind_name(lease->kind));
        jmh_buf_add_json_text(json, jmh_span(lease->label != NULL ? lease->label : ""));
        jmh_buf_addf(json, ",\"age_ms\":%llu}", (unsigned long long)(now_ms - lease->since_ms));
        before = ",";
    }
    jmh_buf_add_text(json, "]");
}

static void add_registrations(struct jmh_buf *json, const struct jmh_regset *set)
{
    jmh_buf_add_text(json, ",\"registered\":{\"routes\":[");
    for (size_t i = 0; i < set->route_count; i++) {
        jmh_buf_addf(json, "%s\"%s ", i > 0 ? "," : "", set->routes[i].method);
        jmh_buf_addf(json, "%s\"", set->routes[i].path);
    }
    jmh_buf_add_text(json, "],\"messages\":[");
    for (size_t i = 0; i < set->message_count; i++) {
        jmh_buf_addf(json, "%s\"%s\"", i > 0 ? "," : "", set->messages[i].name);
    }
    jmh_buf_add_text(json, "],\"events\":[");
    for (size_t i = 0; i < set->type_count; i++) {
        jmh_buf_addf(json, "%s\"%s\"", i > 0 ? "," : "", set->types[i].name);
    }
    jmh_buf_add_text(json, "],\"channels\":[");
    for (size_t i = 0; i < set->channel_count; i++) {
        jmh_buf_addf(json, "%s\"%s\"", i > 0 ? "," : "", set->channels[i].name);
    }
    jmh_buf_add_text(json, "]}");
}

static void add_plugin(struct jmh_buf *json, const struct jmh_plugin *plugin)
{
    const struct jmh_manifest *manifest = &plugin->manifest;
    jmh_buf_add_text(json, "{\"name\":");
    jmh_buf_add_json_text(json, jmh_span(plugin->name));
    jmh_buf_add_text(json, ",\"version\":");
    jmh_buf_add_json_text(json, jmh_span(manifest->version));
    jmh_buf_add_text(json, ",\"description\":");
    jmh_buf_add_json_text(json,
                          jmh_span(manifest->description != NULL ? manifest->description : ""));
    jmh_buf_addf(json, ",\"state\":\"%s\",\"enabled\":%s,\"generation\":%llu",
                 jmh_plugin_state_name(plugin->state),
                 plugin->state == JMH_PLUGIN_DISABLED ? "false" : "true",
                 (unsigned long long)plugin->generation);
    if (plugin->state == JMH_PLUGIN_REFUSED) {
        jmh_buf_add_text(json, ",\"reason\":");
        jmh_buf_add_json_text(json, jmh_span(plugin->reason.text));
    }
    add_list(json, "provides", manifest->provides);
    add_list(json, "requires", manifest->requires);
    if (plugin->state == JMH_PLUGIN_ACTIVE) {
        add_registrations(json, plugin->registrations);
        add_leases(json, plugin);
    }
    jmh_buf_add_text(json, "}");
}

static void get_plugins(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    struct jmh_buf json = {0};
    jmh_buf_addf(&json, "{\"success\":true,\"count\":%zu,\"plugins\":[",
                 jmh_registry_count(host->registry));
    for (size_t i = 0; i < jmh_registry_count(host->registry); i++) {
        jmh_buf_add_text(&json, i > 0 ? "," : "");
        add_plugin(&json, jmh_registry_get(host->registry, i));
    }
    jmh_buf_add_text(&json, "]}");
    (void)jmh_exchange_json(exchange, 200, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

const struct jmh_admin_route jmh_admin_plugin_routes[] = {
    {"GET", "/plugins", "The plugins: state, registrations, and what they have under way.", NULL,
     JM_ROUTE_SUCCESS_FORM, get_plugins, NULL, "success:bool|count:int|plugins:object[]"},
    {0},
};
