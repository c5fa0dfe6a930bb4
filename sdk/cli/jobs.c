/* junmai jobs: what is in the queue. */
#include "arguments.h"
#include "exchange.h"
#include "json.h"
#include "memory.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: junmai jobs [options]\n"
    "\n"
    "List jobs, newest first.\n"
    "\n"
    "  --status S         pending, processing, completed, failed or cancelled ones only\n"
    "  --kind K           of that kind only: develop, export, analyze, …\n"
    "  --limit N          at most N (default: 50)\n";

static const char example[] = "Example: junmai jobs --status failed\n";

static const struct option options[] = {
    {"status", required_argument, NULL, 's'},
    {"kind", required_argument, NULL, 'k'},
    {"limit", required_argument, NULL, 'n'},
    {NULL, 0, NULL, 0},
};

struct filter {
    const char *status, *kind;
    long long limit;
};

static bool take_option(void *user, int key, const char *value)
{
    struct filter *filter = user;
    if (key == 'n') {
        return jmc_arguments_count("--limit", value, &filter->limit);
    }
    *(key == 's' ? &filter->status : &filter->kind) = value;
    return true;
}

static void add_parameter(struct jmc_buffer *path, const char *name, const char *value)
{
    char *escaped = value != NULL ? curl_easy_escape(NULL, value, 0) : NULL;
    if (escaped != NULL) {
        jmc_buffer_add(path, name, strlen(name));
        jmc_buffer_add(path, escaped, strlen(escaped));
    }
    curl_free(escaped);
}

static void add_number(struct jmc_table *table, const json_t *object, const char *key)
{
    char *text = json_is_integer(json_object_get(object, key))
                     ? jmc_textf("%lld", jmc_json_int(object, key))
                     : NULL;
    jmc_table_add(table, text);
    free(text);
}

static void print_table(const json_t *jobs)
{
    static const char *const heading[] = {"ID",       "KIND",    "STATUS", "PHOTO",
                                          "PRIORITY", "CREATED", "ERROR"};
    struct jmc_table table = {.columns = sizeof heading / sizeof heading[0]};
    size_t i;
    json_t *job;
    for (size_t column = 0; column < table.columns; column++) {
        jmc_table_add(&table, heading[column]);
    }
    json_array_foreach(jobs, i, job)
    {
        jmc_table_add(&table, jmc_json_text(job, "id"));
        jmc_table_add(&table, jmc_json_text(job, "kind"));
        jmc_table_add(&table, jmc_json_text(job, "status"));
        add_number(&table, job, "photo_id");
        add_number(&table, job, "priority");
        jmc_table_add(&table, jmc_json_text(job, "created_at"));
        jmc_table_add(&table, jmc_json_text(job, "error_message"));
    }
    jmc_table_print(&table, stdout);
    jmc_table_fini(&table);
}

static void print(const json_t *answer)
{
    const json_t *jobs = json_object_get(answer, "jobs");
    const long long total = jmc_json_int(answer, "total");
    if (json_array_size(jobs) == 0) {
        (void)puts("There are no such jobs.");
        return;
    }
    print_table(jobs);
    if (total > (long long)json_array_size(jobs)) {
        printf("%lld more: see them with --limit\n", total - (long long)json_array_size(jobs));
    }
}

int jmc_jobs(struct jmc_cli *cli, int argc, char **argv)
{
    struct filter filter = {.limit = 50};
    const struct jmc_arguments arguments = {
        .help = help, .example = example, .options = options, .take = take_option, .user = &filter};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    struct jmc_buffer path = {0};
    char *base = jmc_textf("/api/jobs?limit=%lld", filter.limit);
    jmc_buffer_add(&path, base, strlen(base));
    add_parameter(&path, "&status=", filter.status);
    add_parameter(&path, "&kind=", filter.kind);
    json_t *answer = jmc_ask(cli, jmc_buffer_text(&path), NULL, NULL, &status);
    if (answer != NULL && cli->json) {
        jmc_json_print(answer);
    } else if (answer != NULL) {
        print(answer);
        json_decref(answer);
    }
    jmc_buffer_fini(&path);
    free(base);
    return status;
}
