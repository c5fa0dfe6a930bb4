/* junmai job: one job with its history, and its progress while it runs. */
#include "arguments.h"
#include "bar.h"
#include "exchange.h"
#include "json.h"
#include "memory.h"
#include "text.h"
#include "watch.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: junmai job ID [options]\n"
    "\n"
    "Show a job and its attempts. While it runs its progress is shown, until it has ended;\n"
    "Ctrl-C ends the showing, not the job.\n"
    "\n";

static const char example[] = "Example: junmai job 019354d2a1b87c3e9f40d1aa5b6c7d8e\n";

static bool is(const json_t *object, const char *key, const char *wanted)
{
    return strcmp(jmc_json_text(object, key), wanted) == 0;
}

static void print_line(const char *name, const json_t *value)
{
    char *text = json_is_string(value) ? jmc_text_copy(json_string_value(value))
                                       : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    printf("%-14s ", name);
    jmc_text_print(stdout, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
    (void)putchar('\n');
    free(text);
}

static void print_attempts(const json_t *attempts)
{
    size_t i;
    json_t *attempt;
    json_array_foreach(attempts, i, attempt)
    {
        const char *outcome = jmc_json_text(attempt, "outcome");
        const char *error = jmc_json_text(attempt, "error");
        printf("attempt %-6lld %s %s", jmc_json_int(attempt, "attempt"),
               jmc_json_text(attempt, "started_at"), outcome[0] != '\0' ? outcome : "runs");
        if (error[0] != '\0') {
            (void)fputs(": ", stdout);
            jmc_text_print(stdout, error, strlen(error));
        }
        (void)putchar('\n');
    }
}

static void print(const json_t *job)
{
    static const char *const shown[] = {
        "id",     "kind",         "status",        "photo_id",   "session_id",
        "group",  "priority",     "created_at",    "started_at", "due_at",
        "holder", "completed_at", "error_message", "result"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const json_t *value = json_object_get(job, shown[i]);
        if (value != NULL && !json_is_null(value)) {
            print_line(shown[i], value);
        }
    }
    print_attempts(json_object_get(job, "attempts"));
}

static bool show(void *user, const json_t *job)
{
    struct jmc_bar *bar = user;
    const bool has_ended = !is(job, "status", "processing");
    const double percent = json_number_value(json_object_get(job, "progress"));
    const char *stage = jmc_json_text(job, "stage");
    const char *message = jmc_json_text(job, "message");
    char *words = jmc_textf("%3.0f %% %s%s%s", percent, stage[0] != '\0' ? stage : "processing",
                            message[0] != '\0' ? ": " : "", message);
    if (!has_ended || bar->shown_ms != 0) {
        jmc_bar_show(bar, percent / 100, words, has_ended);
    }
    free(words);
    return has_ended;
}

/* A job has one id, with or without dashes: events have it without. */
static char *plain_id(const char *text)
{
    char *id = jmc_text_copy(text);
    char *to = id;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '-') {
            *to++ = *at;
        }
    }
    *to = '\0';
    return id;
}

int jmc_job(struct jmc_cli *cli, int argc, char **argv)
{
    const struct jmc_arguments arguments = {
        .help = help, .example = example, .least = 1, .most = 1, .what = "the id of a job"};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    struct jmc_bar bar = {.is_quiet = cli->json};
    char *id = plain_id(argv[optind]);
    char *escaped = curl_easy_escape(NULL, id, 0);
    char *path = jmc_textf("/api/jobs/%s", escaped);
    const struct jmc_watch watch = {
        .cli = cli, .path = path, .key = "job_id", .id = id, .show = show, .user = &bar};
    json_t *job =
        cli->json ? jmc_ask(cli, path, NULL, NULL, &status) : jmc_watch_run(&watch, &status);
    if (job != NULL && cli->json) {
        jmc_json_print(job);
    } else if (job != NULL) {
        print(job);
        json_decref(job);
    }
    free(path);
    curl_free(escaped);
    free(id);
    return status;
}
