/* GET /import/reports and /import/reports/{id}. */
#include "answers.h"
#include "report.h"
#include "report_csv.h"
#include "routes.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>

#define REPORTS_LIMIT 50
#define REPORTS_MAX 1000

static jm_query query_of(const struct import_core *core, const jm_request *request)
{
    return (jm_query){core->host, core->http, core->error, request->id};
}

static jm_status on_reports(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    jm_query query = query_of(core, request);
    int64_t limit = REPORTS_LIMIT;
    json_t *reports = NULL;
    jm_status status = jm_query_int(&query, "limit", 1, &limit);
    limit = limit > REPORTS_MAX ? REPORTS_MAX : limit;
    if (status == JM_OK) {
        status = report_list(core, limit, &reports);
    }
    if (status == JM_OK) {
        json_int_t count = (json_int_t)json_array_size(reports);
        answer_success(core, request->id,
                       json_pack("{s:o, s:I}", "reports", reports, "count", count));
    }
    return status;
}

static jm_status answer_csv(const struct import_core *core, jm_id request, jm_span id,
                            const json_t *report)
{
    char attachment[96];
    char *text = report_csv(report);
    if (text == NULL) {
        return JM_ENOMEM;
    }
    snprintf(attachment, sizeof attachment, "attachment; filename=\"import-%.*s.csv\"",
             JM_SPAN_ARGS(jm_span_cut(id, REPORT_ID_BYTES)));
    core->http->set_header(core->host, request, "Content-Disposition", jm_span_of(attachment));
    jm_status status = core->http->respond_bytes(core->host, request, 200,
                                                 "text/csv; charset=utf-8", jm_span_of(text));
    free(text);
    return status;
}

static jm_status on_report(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    jm_query query = query_of(core, request);
    jm_span id = {NULL, 0};
    jm_span format = jm_span_of("json");
    jm_span only = jm_span_of("");
    json_t *report = NULL;
    jm_query_text(&query, "format", &format);
    jm_query_text(&query, "only", &only);
    if (!jm_span_is(format, "json") && !jm_span_is(format, "csv")) {
        return import_fail(core, JM_EINVAL, "format must be json or csv");
    }
    if (!jm_span_is(only, "") && !jm_span_is(only, "problems")) {
        return import_fail(core, JM_EINVAL, "only must be problems, or left out");
    }
    jm_status status = core->http->get_param(core->host, request->id, "id", &id);
    if (status == JM_OK) {
        status = report_get(core, id, jm_span_is(only, "problems"), &report);
    }
    if (status < 0) {
        return status;
    }
    if (jm_span_is(format, "csv")) {
        status = answer_csv(core, request->id, id, report);
        json_decref(report);
        return status;
    }
    answer_success(core, request->id, report);
    return JM_OK;
}

static jm_status on_verdicts(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    jm_query query = query_of(core, request);
    int64_t photo = 0;
    json_t *verdicts = NULL;
    jm_status status = jm_query_int(&query, "photo_id", 1, &photo);
    if (status == JM_OK && photo == 0) {
        status = import_fail(core, JM_EINVAL, "photo_id is required");
    }
    if (status == JM_OK) {
        status = report_of_photo(core, photo, &verdicts);
    }
    if (status == JM_OK) {
        answer_success(
            core, request->id,
            json_pack("{s:I, s:o}", "photo_id", (json_int_t)photo, "verdicts", verdicts));
    }
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/import/reports",
     .help = "Reports of imports, newest first.",
     .query = "limit:int=50",
     .fn = on_reports},
    {.method = "GET",
     .path = "/import/reports/{id}",
     .help = "The verdict on each copy of one import, as JSON or as a table (format=csv).",
     .query = "format:text|only:text",
     .fn = on_report},
    {.method = "GET",
     .path = "/import/verdicts",
     .help = "The verdict on each copy of one photograph, also when its report is gone.",
     .query = "photo_id:int",
     .fn = on_verdicts},
};

jm_status report_routes_add(struct import_core *core)
{
    return jm_routes_add(core->http, core->host, routes, JM_COUNT(routes), core);
}
