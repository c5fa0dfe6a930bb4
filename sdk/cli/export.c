/* junmai export: photographs as finished files. */
#include "arguments.h"
#include "batch_order.h"
#include "exchange.h"
#include "export_jobs.h"
#include "json.h"
#include "memory.h"
#include "stop.h"
#include "text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] = "usage: junmai export --preset NAME PHOTO_ID… [options]\n"
                           "       junmai export --preset NAME --session N [options]\n"
                           "\n"
                           "Export photographs with presets of the host, and show the progress "
                           "until all files are there.\n"
                           "Ctrl-C ends the showing, not the exports.\n"
                           "\n"
                           "  --preset NAME      with that preset; may be given several times\n"
                           "  --session N        all photographs of that session\n";

static const char example[] = "Example: junmai export --preset SNS --session 12\n";

static const struct option options[] = {
    {"preset", required_argument, NULL, 'p'},
    {"session", required_argument, NULL, 's'},
    {NULL, 0, NULL, 0},
};

struct order {
    json_t *presets;
    long long session; /* 0: none */
};

static bool take_option(void *user, int key, const char *value)
{
    struct order *order = user;
    if (key == 's') {
        return jmc_arguments_count("--session", value, &order->session);
    }
    return json_array_append_new(order->presets, json_string(value)) == 0 ||
           (jmc_complain("--preset: this is no name"), false);
}

/* A name that the host does not know would be passed over in silence. */
static int check_presets(const struct jmc_cli *cli, const json_t *presets)
{
    int status = JMC_OK;
    size_t i;
    json_t *name;
    json_array_foreach(presets, i, name)
    {
        char *escaped = curl_easy_escape(NULL, json_string_value(name), 0);
        char *path = jmc_textf("/export/presets/%s", escaped != NULL ? escaped : "");
        json_t *answer = status == JMC_OK ? jmc_ask(cli, path, NULL, NULL, &status) : NULL;
        json_decref(answer);
        free(path);
        curl_free(escaped);
    }
    return status;
}

static int submit(struct jmc_export_jobs *jobs, const json_t *presets, const json_t *photos)
{
    int status = JMC_OK;
    size_t i;
    json_t *photo;
    json_array_foreach(photos, i, photo)
    {
        json_t *answer = jmc_ask(
            jobs->cli, "/export/auto/multiple",
            json_pack("{s:O, s:O}", "photo_id", photo, "preset_names", presets), NULL, &status);
        if (answer == NULL) {
            return status;
        }
        size_t number;
        json_t *xjob;
        json_array_foreach(json_object_get(answer, "jobs"), number, xjob)
        {
            jmc_export_jobs_add(jobs, xjob);
        }
        json_decref(answer);
        jmc_export_jobs_show(jobs, false);
    }
    return JMC_OK;
}

static void print_failures(const struct jmc_export_jobs *jobs)
{
    size_t i;
    json_t *xjob;
    json_array_foreach(jobs->ended, i, xjob)
    {
        const char *why = jmc_json_text(xjob, "error_message");
        const char *status = jmc_json_text(xjob, "status");
        if (strcmp(status, "completed") != 0) {
            printf("  %s: photograph %lld, preset ", status, jmc_json_int(xjob, "photo_id"));
            jmc_text_print(stdout, jmc_json_text(xjob, "preset_name"),
                           strlen(jmc_json_text(xjob, "preset_name")));
            fputs(why[0] != '\0' ? ": " : "", stdout);
            jmc_text_print(stdout, why, strlen(why));
            (void)putchar('\n');
        }
    }
}

static void report(const struct jmc_export_jobs *jobs)
{
    const long long ended = (long long)json_array_size(jobs->ended);
    const long long left = (long long)json_object_size(jobs->open);
    unsigned long long bytes = 0;
    char size[JMC_UNIT_BYTES];
    size_t i;
    json_t *xjob;
    if (jobs->cli->json) {
        jmc_json_print(json_pack("{s:I, s:I, s:I, s:I, s:O}", "total", ended + left, "exported",
                                 ended - jobs->failed, "failed", jobs->failed, "unfinished", left,
                                 "exports", jobs->ended));
        return;
    }
    json_array_foreach(jobs->ended, i, xjob)
    {
        bytes += (unsigned long long)jmc_json_int(xjob, "file_size");
    }
    jmc_text_bytes(bytes, size);
    printf("%lld of %lld exported (%s), %lld failed\n", ended - jobs->failed, ended + left, size,
           jobs->failed);
    print_failures(jobs);
}

static int follow(struct jmc_cli *cli, const json_t *presets, const json_t *photos)
{
    CURLM *multi = curl_multi_init();
    struct jmc_export_jobs jobs;
    jmc_stop_watch();
    jmc_export_jobs_init(&jobs, cli, multi);
    int status = submit(&jobs, presets, photos);
    if (!jmc_export_jobs_wait(&jobs)) {
        status = jmc_complain("stopped watching; the host goes on with the exports");
    }
    jmc_export_jobs_show(&jobs, true);
    report(&jobs);
    status = status == JMC_OK && jobs.failed > 0 ? JMC_FAILED : status;
    jmc_export_jobs_fini(&jobs);
    curl_multi_cleanup(multi);
    return status;
}

static int run(struct jmc_cli *cli, const struct order *order, char *const *texts)
{
    int status = JMC_USAGE;
    if (json_array_size(order->presets) == 0) {
        (void)jmc_complain("export: name a --preset");
        return JMC_USAGE;
    }
    if ((order->session != 0) == (texts[0] != NULL)) {
        (void)jmc_complain("export: name either photographs by their ids or a --session");
        return JMC_USAGE;
    }
    json_t *photos = order->session != 0 ? jmc_batch_session_ids(cli, order->session, &status)
                                         : jmc_batch_ids(texts);
    if (photos == NULL) {
        return status;
    }
    status = check_presets(cli, order->presets);
    if (status == JMC_OK) {
        status = follow(cli, order->presets, photos);
    }
    json_decref(photos);
    return status;
}

int jmc_export(struct jmc_cli *cli, int argc, char **argv)
{
    struct order order = {.presets = json_array()};
    const struct jmc_arguments arguments = {.help = help,
                                            .example = example,
                                            .options = options,
                                            .take = take_option,
                                            .user = &order,
                                            .least = 0,
                                            .most = INT_MAX,
                                            .what = "the id of a photograph"};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status == JMC_GO_ON) {
        status = run(cli, &order, argv + optind);
    }
    json_decref(order.presets);
    return status;
}
