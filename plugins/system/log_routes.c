/* Reading, describing, downloading and clearing the logs. */
#define _GNU_SOURCE
#include "log_routes.h"

#include "log_lines.h"

#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>

#define LINES_MAX 10000
#define CATEGORY_WRONG "Invalid category. Must be 'main', 'performance', or 'errors'"
#define LINES_WRONG "Lines must be between 1 and 10000"

static jm_status check_category(const struct system_core *core, jm_span category)
{
    return log_category_is_known(category) ? JM_OK
                                           : system_fail(core, JM_EINVAL, "%s", CATEGORY_WRONG);
}

static jm_status read_lines(const struct system_core *core, const jm_query *query,
                            int64_t *lines_out)
{
    jm_span text;
    *lines_out = 100;
    if (!jm_query_text(query, "lines", &text))
        return JM_OK;
    if (!jm_span_to_int(text, lines_out) || *lines_out < 1 || *lines_out > LINES_MAX)
        return system_fail(core, JM_EINVAL, "%s", LINES_WRONG);
    return JM_OK;
}

static jm_status on_list(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    const jm_query query = {core->host, core->api.http, core->api.error, request->id};
    jm_span category = JM_SPAN("main");
    jm_span level = {NULL, 0};
    int64_t lines = 0;
    json_t *entries = NULL;
    (void)jm_query_text(&query, "category", &category);
    jm_status status = check_category(core, category);
    if (status == JM_OK)
        status = read_lines(core, &query, &lines);
    if (status == JM_OK && jm_query_text(&query, "level", &level) && log_level_rank(level) < 0)
        status = jm_query_wrong(&query, "level", "DEBUG, INFO, WARNING, ERROR or CRITICAL", level);
    if (status == JM_OK)
        status = log_lines_read(core, category, level, lines, &entries);
    if (status < 0)
        return status;
    return system_respond(core, request->id, 200,
                          json_pack("{s:o, s:I, s:o}", "category", jm_json_text(category), "count",
                                    (json_int_t)json_array_size(entries), "entries", entries));
}

static jm_status on_stats(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    json_t *stats = json_object();
    jm_status status = JM_OK;
    for (const char *const *category = log_categories; *category != NULL && status == JM_OK;
         category++) {
        json_t *description = NULL;
        status = log_lines_describe(core, *category, &description);
        json_object_set_new(stats, *category, description);
    }
    if (status == JM_OK)
        return system_respond(core, request->id, 200, stats);
    json_decref(stats);
    return status;
}

/* The categories as if each were one file, which is what a download gives. */
static jm_status on_files(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    json_t *files = json_object();
    jm_status status = JM_OK;
    for (const char *const *category = log_categories; *category != NULL && status == JM_OK;
         category++) {
        json_t *description = NULL;
        char name[64];
        status = log_lines_describe(core, *category, &description);
        snprintf(name, sizeof name, "junmai_%s.log", *category);
        json_object_set_new(files, *category,
                            json_pack("[{s:s, s:O*, s:O*, s:O*}]", "name", name, "size_bytes",
                                      json_object_get(description, "size_bytes"), "modified",
                                      json_object_get(description, "newest"), "entries",
                                      json_object_get(description, "entries")));
        json_decref(description);
    }
    if (status == JM_OK)
        return system_respond(core, request->id, 200, json_pack("{s:o}", "files", files));
    json_decref(files);
    return status;
}

/* One JSON document a line; to free(). */
static char *lines_text(const json_t *entries)
{
    char *text = NULL;
    size_t bytes = 0;
    size_t i;
    json_t *entry;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        return NULL;
    json_array_foreach(entries, i, entry)
    {
        json_dumpf(entry, out, JM_JSON_FLAGS);
        fputc('\n', out);
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static jm_status on_download(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    const jm_span any = {NULL, 0};
    jm_span category = any;
    json_t *entries = NULL;
    char disposition[96];
    jm_status status = core->api.http->get_param(core->host, request->id, "category", &category);
    if (status == JM_OK)
        status = check_category(core, category);
    if (status == JM_OK)
        status = log_lines_read(core, category, any, core->options.log_max_rows, &entries);
    if (status < 0)
        return status;
    char *text = lines_text(entries);
    json_decref(entries);
    if (text == NULL)
        return JM_ENOMEM;
    snprintf(disposition, sizeof disposition, "attachment; filename=\"junmai_%.*s.log\"",
             JM_SPAN_ARGS(category));
    core->api.http->set_header(core->host, request->id, "Content-Disposition",
                               jm_span_of(disposition));
    status = core->api.http->respond_bytes(core->host, request->id, 200,
                                           "text/plain; charset=utf-8", jm_span_of(text));
    free(text);
    return status;
}

static jm_status on_clear(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    jm_span category = {NULL, 0};
    char message[64];
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "category", false, &category);
    if (status == JM_OK && category.len == 0)
        category = (jm_span){NULL, 0};
    if (status == JM_OK && !jm_span_absent(category))
        status = check_category(core, category);
    if (status == JM_OK)
        status = log_lines_clear(core, category);
    if (status == JM_OK) {
        if (jm_span_absent(category))
            snprintf(message, sizeof message, "Cleared all logs");
        else
            snprintf(message, sizeof message, "Cleared %.*s logs", JM_SPAN_ARGS(category));
        status = system_respond(core, request->id, 200, json_pack("{s:s}", "message", message));
    }
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/logs",
     .fn = on_list,
     .query = "category:text=main|lines:int=100|level:text",
     .help = "The newest lines of a category, oldest first."},
    {.method = "GET",
     .path = "/logs/stats",
     .fn = on_stats,
     .help = "Lines, sizes, levels and times of each category."},
    {.method = "GET",
     .path = "/logs/files",
     .fn = on_files,
     .help = "What can be downloaded, by category."},
    {.method = "GET",
     .path = "/logs/download/{category}",
     .fn = on_download,
     .help = "A category as a text file, one JSON document a line."},
    {.method = "POST",
     .path = "/logs/clear",
     .fn = on_clear,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Remove the lines of a category, or of all."},
};

jm_status log_routes_add(struct system_core *core)
{
    return jm_routes_add(core->api.http, core->host, routes, JM_COUNT(routes), core);
}
