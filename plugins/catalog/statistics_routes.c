/* /statistics and /api/statistics. Days are those of UTC. A rate is 0 to 1 in the first family and a
 * percentage in the second, as their clients expect. */
#include "statistics_routes.h"

#include "page.h"
#include "rows.h"
#include "statistics.h"

#include <junmai/sdk/routes.h>
#include <junmai/sdk/utc.h>
#include <math.h>

#define DATE_BYTES 11
#define DAYS_MAX 36500
#define BREAKDOWN_DAYS 7

static jm_status respond(const struct catalog *catalog, const jm_request *request, jm_status status,
                         json_t *json_take)
{
    if (status == JM_OK)
        return jm_json_respond(catalog->http, catalog->host, request->id, 200, json_take);
    json_decref(json_take);
    return status;
}

static int64_t today(const struct catalog *catalog)
{
    return catalog->clock->utc_ms(catalog->host) / JM_DAY_MS;
}

static struct catalog_range days(int64_t first_day, int64_t count)
{
    return (struct catalog_range){first_day * JM_DAY_MS, (first_day + count) * JM_DAY_MS};
}

static json_t *date(int64_t day)
{
    char text[JM_UTC_BYTES];
    jm_utc_format(day * JM_DAY_MS, text);
    return json_stringn(text, DATE_BYTES - 1);
}

static json_t *rounded(double value)
{
    return json_real(round(value * 1000) / 1000);
}

/* The day of `date`, today where it is not given. */
static jm_status read_day(const struct catalog *catalog, const jm_request *request,
                          int64_t *day_out)
{
    jm_query query = catalog_query(catalog, request);
    jm_span text;
    char midnight[DATE_BYTES + 9];
    int64_t utc_ms;
    *day_out = today(catalog);
    if (!jm_query_text(&query, "date", &text))
        return JM_OK;
    snprintf(midnight, sizeof(midnight), "%.10sT00:00:00",
             text.len == DATE_BYTES - 1 ? text.ptr : "");
    if (!jm_utc_parse(jm_span_of(midnight), &utc_ms))
        return jm_query_wrong(&query, "date", "a day like 2025-11-09", text);
    *day_out = utc_ms / JM_DAY_MS - (utc_ms % JM_DAY_MS < 0);
    return JM_OK;
}

/* The days of the present month up to today. */
static struct catalog_range this_month(const struct catalog *catalog, int *year_out, int *month_out)
{
    int64_t last = today(catalog);
    int day;
    jm_utc_date(last, year_out, month_out, &day);
    return days(last - day + 1, day);
}

/* What "today", "week" and "month" have in common. */
static json_t *plain_figures(const struct catalog_figures *f)
{
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "total_imported",
        (json_int_t)f->imported, "total_processed", (json_int_t)f->processed, "total_approved",
        (json_int_t)f->approved, "total_selected", (json_int_t)f->selected, "total_exported",
        (json_int_t)f->exported, "success_rate", rounded(f->success_rate), "avg_processing_time",
        rounded(f->processing_s), "avg_ai_score", rounded(f->ai_score), "avg_focus_score",
        rounded(f->focus_score), "avg_exposure_score", rounded(f->exposure_score),
        "avg_composition_score", rounded(f->composition_score));
}

/* {KEY: figures and what `more_take` has, "preset_usage"} */
static jm_status plain_document(const struct catalog *catalog, struct catalog_range range,
                                const char *key, json_t *more_take, json_t **document_out)
{
    struct catalog_figures figures;
    json_t *usage = NULL;
    jm_status status = catalog_figures_read(catalog, range, &figures);
    if (status == JM_OK)
        status = catalog_figures_presets(catalog, range, &usage);
    if (status == JM_OK) {
        json_object_update_new(more_take, plain_figures(&figures));
        *document_out = json_pack("{s:O, s:O}", key, more_take, "preset_usage", usage);
    }
    json_decref(usage);
    json_decref(more_take);
    return status;
}

static jm_status plain_daily(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    json_t *document = NULL;
    int64_t day;
    jm_status status = read_day(catalog, request, &day);
    if (status == JM_OK)
        status = plain_document(catalog, days(day, 1), "today", json_object(), &document);
    if (status == JM_OK)
        json_object_set_new(document, "date", date(day));
    return respond(catalog, request, status, document);
}

/* Eight calendar days: the day a week ago, and today. */
static jm_status plain_weekly(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    json_t *document = NULL;
    int64_t last = today(catalog);
    json_t *bounds = json_pack("{s:o, s:o}", "start_date", date(last - 7), "end_date", date(last));
    jm_status status = plain_document(catalog, days(last - 7, 8), "week", bounds, &document);
    return respond(catalog, request, status, document);
}

static jm_status plain_monthly(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    json_t *document = NULL;
    int year, month;
    struct catalog_range range = this_month(catalog, &year, &month);
    json_t *name = json_pack("{s:i, s:i}", "year", year, "month", month);
    jm_status status = plain_document(catalog, range, "month", name, &document);
    return respond(catalog, request, status, document);
}

static double share_of(const json_t *preset)
{
    double uses = json_number_value(json_object_get(preset, "usage_count"));
    double approved = json_number_value(json_object_get(preset, "approved_count"));
    return uses > 0 ? approved / uses : 0;
}

static jm_status plain_presets(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    json_t *presets = NULL;
    json_t *usage = json_object();
    json_t *rates = json_object();
    size_t i;
    json_t *preset;
    jm_status status =
        catalog_figures_approvals(catalog, (struct catalog_range){0, INT64_MAX}, &presets);
    json_array_foreach(presets, i, preset)
    {
        const char *name = json_string_value(json_object_get(preset, "preset_name"));
        json_object_set(usage, name, json_object_get(preset, "usage_count"));
        json_object_set_new(rates, name, rounded(share_of(preset)));
    }
    json_t *document = json_pack("{s:o, s:o, s:I}", "preset_usage", usage, "preset_approval_rates",
                                 rates, "total_presets", (json_int_t)json_array_size(presets));
    json_decref(presets);
    return respond(catalog, request, status, document);
}

/* The totals of /api/statistics, into an object. */
static jm_status add_totals(const struct catalog *catalog, struct catalog_range range,
                            json_t *document, struct catalog_figures *figures)
{
    jm_status status = catalog_figures_read(catalog, range, figures);
    if (status == JM_OK)
        json_object_update_new(document, json_pack("{s:I, s:I, s:I, s:I, s:o}", "total_imported",
                                                   (json_int_t)figures->imported, "total_processed",
                                                   (json_int_t)figures->processed, "total_approved",
                                                   (json_int_t)figures->approved, "total_rejected",
                                                   (json_int_t)figures->rejected, "success_rate",
                                                   rounded(figures->success_rate * 100)));
    return status;
}

static jm_status api_daily(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    struct catalog_figures figures;
    int64_t day;
    json_t *document = json_object();
    jm_status status = read_day(catalog, request, &day);
    if (status == JM_OK)
        status = add_totals(catalog, days(day, 1), document, &figures);
    if (status == JM_OK) {
        json_object_set_new(document, "date", date(day));
        json_object_set_new(document, "avg_ai_score", rounded(figures.ai_score));
        json_object_set_new(document, "avg_processing_time", rounded(figures.processing_s));
    }
    return respond(catalog, request, status, document);
}

static jm_status add_breakdown(const struct catalog *catalog, int64_t first_day, json_t *document)
{
    json_t *breakdown = json_array();
    jm_status status = JM_OK;
    for (int64_t day = first_day; day < first_day + BREAKDOWN_DAYS && status == JM_OK; day++) {
        struct catalog_range range = days(day, 1);
        jm_value args[] = {JM_INT(range.from_ms), JM_INT(range.to_ms)};
        int64_t imported;
        status = catalog_rows_integer(catalog,
                                      "SELECT count(*) FROM catalog_photos"
                                      " WHERE import_time >= ?1 AND import_time < ?2",
                                      args, JM_COUNT(args), &imported);
        json_array_append_new(breakdown, json_pack("{s:o, s:I}", "date", date(day), "imported",
                                                   (json_int_t)imported));
    }
    json_object_set_new(document, "daily_breakdown", breakdown);
    return status;
}

static jm_status api_weekly(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    struct catalog_figures figures;
    int64_t first = today(catalog) - BREAKDOWN_DAYS + 1;
    json_t *document = json_pack("{s:{s:o, s:o}}", "period", "start_date", date(first), "end_date",
                                 date(first + BREAKDOWN_DAYS - 1));
    jm_status status = add_totals(catalog, days(first, BREAKDOWN_DAYS), document, &figures);
    if (status == JM_OK)
        status = add_breakdown(catalog, first, document);
    return respond(catalog, request, status, document);
}

static jm_status api_monthly(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    struct catalog_figures figures;
    json_t *subjects = NULL;
    int year, month;
    struct catalog_range range = this_month(catalog, &year, &month);
    json_t *document =
        json_pack("{s:{s:i, s:i, s:o, s:o}}", "period", "year", year, "month", month, "start_date",
                  date(range.from_ms / JM_DAY_MS), "end_date", date(range.to_ms / JM_DAY_MS - 1));
    jm_status status = add_totals(catalog, range, document, &figures);
    if (status == JM_OK)
        status = catalog_figures_subjects(catalog, range, &subjects);
    if (status == JM_OK)
        json_object_set_new(document, "subject_distribution", subjects);
    return respond(catalog, request, status, document);
}

static jm_status api_presets(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    jm_query query = catalog_query(catalog, request);
    int64_t period_days = 30;
    int64_t now_ms = catalog->clock->utc_ms(catalog->host);
    json_t *presets = NULL;
    size_t i;
    json_t *preset;
    jm_status status = jm_query_int(&query, "days", 1, &period_days);
    if (status == JM_OK && period_days > DAYS_MAX)
        status = catalog_fail(catalog, JM_EINVAL, "days must be an integer from 1 to %d", DAYS_MAX);
    if (status == JM_OK)
        status = catalog_figures_approvals(
            catalog, (struct catalog_range){now_ms - period_days * JM_DAY_MS, INT64_MAX}, &presets);
    json_array_foreach(presets, i, preset)
    {
        json_object_set_new(preset, "approval_rate", rounded(share_of(preset) * 100));
    }
    return respond(catalog, request, status,
                   status < 0 ? NULL
                              : json_pack("{s:I, s:o, s:I}", "period_days", (json_int_t)period_days,
                                          "presets", presets, "total_presets",
                                          (json_int_t)json_array_size(presets)));
}

#define TOTALS                                                                     \
    "total_imported:int|total_processed:int|total_approved:int|total_rejected:int" \
    "|success_rate:number"

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/statistics/daily",
     .fn = plain_daily,
     .query = "date:text",
     .answer = "date:text|today:object|preset_usage:object",
     .help = "What happened on a day of UTC (YYYY-MM-DD, default today); success_rate is 0 to 1."},
    {.method = "GET",
     .path = "/statistics/weekly",
     .fn = plain_weekly,
     .answer = "week:object|preset_usage:object",
     .help = "What happened from the day a week ago to today; success_rate is 0 to 1."},
    {.method = "GET",
     .path = "/statistics/monthly",
     .fn = plain_monthly,
     .answer = "month:object|preset_usage:object",
     .help = "What happened in this month of UTC; success_rate is 0 to 1."},
    {.method = "GET",
     .path = "/statistics/presets",
     .fn = plain_presets,
     .answer = "preset_usage:object|preset_approval_rates:object|total_presets:int",
     .help = "How often each preset was chosen, and the share (0 to 1) that was approved."},
    {.method = "GET",
     .path = "/api/statistics/daily",
     .fn = api_daily,
     .query = "date:text",
     .answer = "date:text|" TOTALS "|avg_ai_score:number|avg_processing_time:number",
     .help = "What happened on a day of UTC; success_rate is a percentage."},
    {.method = "GET",
     .path = "/api/statistics/weekly",
     .fn = api_weekly,
     .answer = "period:object|" TOTALS "|daily_breakdown:object[]",
     .help = "What happened in the seven days up to today; success_rate is a percentage."},
    {.method = "GET",
     .path = "/api/statistics/monthly",
     .fn = api_monthly,
     .answer = "period:object|" TOTALS "|subject_distribution:object",
     .help = "What happened in this month of UTC; success_rate is a percentage."},
    {.method = "GET",
     .path = "/api/statistics/presets",
     .fn = api_presets,
     .query = "days:int=30",
     .answer = "period_days:int|presets:object[]|total_presets:int",
     .help = "The presets of the photographs of the last days; approval_rate is a percentage."},
};

jm_status catalog_statistics_routes_add(struct catalog *catalog)
{
    return jm_routes_add(catalog->http, catalog->host, routes, JM_COUNT(routes), catalog);
}
