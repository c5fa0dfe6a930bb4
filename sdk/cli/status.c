/* junmai status: how the host is, in a few lines. */
#include "arguments.h"
#include "exchange.h"
#include "figures.h"
#include "json.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char help[] =
    "usage: junmai status [options]\n"
    "\n"
    "Show how the host is: its health, who is connected, its plugins, and what it has stored. The\n"
    "exit status is 0 when it is ready, 1 when it runs and is not, 3 when it does not run.\n"
    "\n";

static const char example[] = "Example: junmai status && echo the studio is open\n";

/* What the host says of itself. */
struct report {
    json_t *ready, *stats, *plugins, *figures;
};

static void report_fini(struct report *report)
{
    json_decref(report->ready);
    json_decref(report->stats);
    json_decref(report->plugins);
    json_decref(report->figures);
}

static int ask(const struct jmc_cli *cli, struct report *report)
{
    int status;
    long http_status = 0;
    report->ready = jmc_ask(cli, "/readyz", NULL, &http_status, &status);
    if (report->ready != NULL && json_object_get(report->ready, "ready") == NULL) {
        return jmc_complain("%s answers, but not as a Junmai host does", cli->url);
    }
    if (status == JMC_OK) {
        report->stats = jmc_ask(cli, "/websocket/stats", NULL, NULL, &status);
    }
    if (status == JMC_OK) {
        report->plugins = jmc_ask(cli, "/plugins", NULL, NULL, &status);
    }
    if (status == JMC_OK) {
        char *text = jmc_ask_text(cli, "/metrics", &status);
        report->figures = text != NULL ? jmc_figures_read(text) : NULL;
        free(text);
    }
    return status;
}

static void print_clients(const json_t *stats)
{
    const char *before = " (";
    const char *type;
    json_t *count;
    printf("clients   %lld", jmc_json_int(stats, "total_clients"));
    json_object_foreach(json_object_get(stats, "clients_by_type"), type, count)
    {
        fputs(before, stdout);
        jmc_text_print(stdout, type, strlen(type));
        printf(" %lld", (long long)json_integer_value(count));
        before = ", ";
    }
    (void)puts(before[0] == ',' ? ")" : "");
}

static void print_plugins(const json_t *plugins)
{
    size_t active = 0;
    size_t i;
    json_t *plugin;
    json_array_foreach(plugins, i, plugin)
    {
        active += strcmp(jmc_json_text(plugin, "state"), "active") == 0;
    }
    printf("plugins   %zu of %zu active\n", active, json_array_size(plugins));
    json_array_foreach(plugins, i, plugin)
    {
        const char *name = jmc_json_text(plugin, "name");
        const char *reason = jmc_json_text(plugin, "reason");
        if (reason[0] != '\0') {
            fputs("          ", stdout);
            jmc_text_print(stdout, name, strlen(name));
            fputs(" is refused: ", stdout);
            jmc_text_print(stdout, reason, strlen(reason));
            (void)putchar('\n');
        }
    }
}

static void print_figures(const json_t *figures)
{
    char bytes[JMC_UNIT_BYTES];
    char time_text[JMC_UNIT_BYTES];
    const double commits = jmc_figure(figures, "junmai_commits_total");
    const double commit_s = jmc_figure(figures, "junmai_commit_seconds_total");
    jmc_text_bytes((uint64_t)jmc_figure(figures, "junmai_log_stored_bytes"), bytes);
    printf("events    %.0f since the start; %.0f stored, %s\n",
           jmc_figure(figures, "junmai_events_total"),
           jmc_figure(figures, "junmai_log_stored_events"), bytes);
    printf("store     %.0f commits, %.2f ms each; %.0f failed\n", commits,
           commits > 0 ? commit_s * 1000 / commits : 0,
           jmc_figure(figures, "junmai_commits_failed_total"));
    printf("tasks     %.0f workers, %.0f busy; %.0f tasks waiting, %.0f failed\n",
           jmc_figure(figures, "junmai_workers"), jmc_figure(figures, "junmai_workers_busy"),
           jmc_figure(figures, "junmai_tasks_waiting"),
           jmc_figure(figures, "junmai_tasks_total{result=\"failed\"}"));
    jmc_text_bytes((uint64_t)jmc_figure(figures, "process_resident_memory_bytes"), bytes);
    jmc_text_seconds((double)time(NULL) - jmc_figure(figures, "process_start_time_seconds"),
                     time_text);
    printf("process   up %s, %s of memory, %.1f s of processor time\n", time_text, bytes,
           jmc_figure(figures, "process_cpu_seconds_total"));
}

static void print_report(const struct jmc_cli *cli, const struct report *report)
{
    const char *reason = jmc_json_text(report->ready, "reason");
    printf("host      %s: %s%s\n", cli->url, reason[0] != '\0' ? "not ready: " : "ready", reason);
    print_clients(json_object_get(report->stats, "stats"));
    print_plugins(json_object_get(report->plugins, "plugins"));
    print_figures(report->figures);
}

static void print_json(const struct jmc_cli *cli, const struct report *report)
{
    json_t *document = json_pack("{s:s}", "url", cli->url);
    (void)json_object_update(document, report->ready);
    (void)json_object_set(document, "clients", json_object_get(report->stats, "stats"));
    (void)json_object_set(document, "plugins", json_object_get(report->plugins, "plugins"));
    (void)json_object_set(document, "figures", report->figures);
    jmc_json_print(document);
}

int jmc_status(struct jmc_cli *cli, int argc, char **argv)
{
    const struct jmc_arguments arguments = {.help = help, .example = example};
    struct report report = {0};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    status = ask(cli, &report);
    if (status == JMC_OK) {
        const bool is_ready = json_is_true(json_object_get(report.ready, "ready"));
        if (cli->json) {
            print_json(cli, &report);
        } else {
            print_report(cli, &report);
        }
        status = is_ready ? JMC_OK : JMC_FAILED;
    }
    report_fini(&report);
    return status;
}
