/* Importing a card; see card.h. */
#include "card.h"

#include "card_job.h"
#include "eject.h"
#include "import_report.h"
#include "json.h"
#include "stop.h"
#include "text.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool jmc_card_is(const char *path)
{
    bool found = false;
    const struct dirent *entry;
    DIR *folder = opendir(path);
    while (folder != NULL && !found && (entry = readdir(folder)) != NULL) {
        found = strcasecmp(entry->d_name, "DCIM") == 0;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return found;
}

/* "/media/CARD: 120 new (3.2 GB), 30 imported before, 2 other files" */
static void print_found(const struct jmc_card_job *job, const json_t *found)
{
    char bytes[JMC_UNIT_BYTES];
    const long long others = jmc_json_int(found, "other");
    jmc_text_bytes((uint64_t)jmc_json_int(found, "new_bytes"), bytes);
    jmc_text_print(stdout, job->path, strlen(job->path));
    printf(": %lld new (%s), %lld imported before, %lld other file%s\n", jmc_json_int(found, "new"),
           bytes, jmc_json_int(found, "known"), others, others == 1 ? "" : "s");
    (void)fflush(stdout);
}

/* [path, sentence] of each file that failed, as reports have them. */
static json_t *collect_errors(const json_t *problems)
{
    json_t *errors = json_array();
    size_t i;
    json_t *verdict;
    json_array_foreach(problems, i, verdict)
    {
        const char *error = jmc_json_text(verdict, "error");
        (void)json_array_append_new(
            errors, json_pack("[s, s]", jmc_json_text(verdict, "source"),
                              error[0] != '\0' ? error : "the copy was not read back"));
    }
    return errors;
}

static bool is_done(const struct jmc_card_job *job)
{
    return strcmp(jmc_json_text(job->state, "status"), "done") == 0;
}

static void print_text(const struct jmc_card_job *job, const json_t *errors)
{
    const json_t *state = job->state;
    printf("%lld imported, %lld in the library already, %lld failed, %lld imported before\n",
           jmc_json_int(state, "imported"), jmc_json_int(state, "duplicates"),
           jmc_json_int(state, "failed"), jmc_json_int(state, "known"));
    jmc_import_print_verdicts("failed", errors);
    if (!is_done(job)) {
        (void)puts("The same command again goes on with what is missing.");
    } else if (json_array_size(errors) == 0 && jmc_json_int(state, "imported") > 0) {
        (void)puts("Each copy was read back and is what was on the card.");
    }
    (void)fflush(stdout);
}

/* Nothing is ejected unless each file is known to be in the library, and nothing has come since. */
static int eject(struct jmc_card_job *job, size_t problems)
{
    int status;
    if (!is_done(job) || problems > 0) {
        return jmc_complain("the card is not ejected: not every file of it is in the library and "
                            "verified; see above");
    }
    json_t *found = jmc_card_job_look(job, &status);
    const long long left = jmc_json_int(found, "new");
    json_decref(found);
    if (status != JMC_OK) {
        return jmc_complain("the card is not ejected: it could not be looked through again");
    }
    if (left > 0) {
        return jmc_complain("the card is not ejected: %lld new file%s come meanwhile; import again",
                            left, left == 1 ? " has" : "s have");
    }
    return jmc_eject(job->path);
}

static int report(struct jmc_card_job *job, const struct jmc_card_order *order)
{
    int status;
    json_t *problems = jmc_card_job_problems(job, &status);
    if (problems == NULL) {
        return status;
    }
    json_t *errors = collect_errors(problems);
    if (!job->cli->json) {
        print_text(job, errors);
    }
    status = is_done(job) ? JMC_OK : JMC_FAILED;
    if (order->ejects) {
        status = eject(job, json_array_size(problems));
        if (status == JMC_OK && !job->cli->json) {
            (void)puts("The card can be taken out.");
        }
    }
    if (job->cli->json) {
        (void)json_object_set(job->state, "errors", errors);
        (void)json_object_set_new(job->state, "ejected",
                                  json_boolean(order->ejects && status == JMC_OK));
        jmc_json_print(json_incref(job->state));
    }
    json_decref(errors);
    json_decref(problems);
    return status;
}

static int run(struct jmc_card_job *job, const struct jmc_card_order *order)
{
    int status;
    json_t *found = jmc_card_job_look(job, &status);
    if (found == NULL) {
        return status;
    }
    if (order->dry_run && job->cli->json) {
        jmc_json_print(found);
        return status;
    }
    if (!job->cli->json) {
        print_found(job, found);
    }
    if (!order->dry_run) {
        status = jmc_card_job_run(job, (uint64_t)jmc_json_int(found, "new"),
                                  (uint64_t)jmc_json_int(found, "new_bytes"));
    }
    json_decref(found);
    if (order->dry_run) {
        return status;
    }
    if (jmc_stop_asked()) {
        return jmc_complain("stopped looking on; the host goes on with the card. Called again, "
                            "this shows how far it is");
    }
    return status == JMC_OK ? report(job, order) : status;
}

int jmc_card_import(struct jmc_cli *cli, const struct jmc_card_order *order)
{
    struct jmc_card_job job;
    jmc_card_job_init(&job, cli, order->path, order->session);
    const int status = run(&job, order);
    jmc_card_job_fini(&job);
    return status;
}
