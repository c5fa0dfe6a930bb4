/* junmai batch: many photographs as one piece of work. */
#include "arguments.h"
#include "bar.h"
#include "batch_order.h"
#include "exchange.h"
#include "json.h"
#include "memory.h"
#include "table.h"
#include "watch.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: junmai batch start PHOTO_ID… [options]\n"
    "       junmai batch start --session N [options]\n"
    "       junmai batch pause|resume|cancel|status ID [options]\n"
    "       junmai batch list [options]\n"
    "\n"
    "Process many photographs as one piece of work. A paused batch lets the jobs that run end and\n"
    "holds the rest.\n"
    "\n"
    "  --session N        start: all photographs of that session\n"
    "  --kind K           start: jobs of that kind (default: develop)\n"
    "  --priority N       start: 1 to 10, higher is more urgent (default: by their scores)\n"
    "  --watch            start, resume, status: show the progress until the batch has ended;\n"
    "                     Ctrl-C ends the showing, not the batch\n";

static const char example[] = "Example: junmai batch start --session 12 --watch\n";

static const struct option options[] = {
    {"session", required_argument, NULL, 's'},
    {"kind", required_argument, NULL, 'k'},
    {"priority", required_argument, NULL, 'p'},
    {"watch", no_argument, NULL, 'w'},
    {NULL, 0, NULL, 0},
};

struct order {
    long long session, priority; /* 0: not given */
    const char *kind;
    bool watches;
};

static bool take_option(void *user, int key, const char *value)
{
    struct order *order = user;
    switch (key) {
    case 's':
        return jmc_arguments_count("--session", value, &order->session);
    case 'p':
        return jmc_arguments_count("--priority", value, &order->priority);
    case 'k':
        order->kind = value;
        return true;
    default:
        order->watches = true;
        return true;
    }
}

static bool is(const json_t *object, const char *key, const char *wanted)
{
    return strcmp(jmc_json_text(object, key), wanted) == 0;
}

/* "running: 120 of 400 done, 2 failed" */
static char *describe(const json_t *batch)
{
    const long long failed = jmc_json_int(batch, "failed_count");
    const long long cancelled = jmc_json_int(batch, "cancelled_count");
    char *failures = failed > 0 ? jmc_textf(", %lld failed", failed) : jmc_text_copy("");
    char *rest = cancelled > 0 ? jmc_textf(", %lld cancelled", cancelled) : jmc_text_copy("");
    char *text = jmc_textf("%s: %lld of %lld done%s%s", jmc_json_text(batch, "status"),
                           jmc_json_int(batch, "processed_count"),
                           jmc_json_int(batch, "total_photos"), failures, rest);
    free(failures);
    free(rest);
    return text;
}

static bool show(void *user, const json_t *batch)
{
    const bool has_ended = !is(batch, "status", "running") && !is(batch, "status", "paused");
    const double total = (double)jmc_json_int(batch, "total_photos");
    const double left =
        (double)(jmc_json_int(batch, "pending_count") + jmc_json_int(batch, "processing_count"));
    char *words = describe(batch);
    jmc_bar_show(user, total > 0 ? (total - left) / total : 0, words, has_ended);
    free(words);
    return has_ended;
}

static void print(const struct jmc_cli *cli, json_t *batch_take)
{
    if (cli->json) {
        jmc_json_print(batch_take);
        return;
    }
    char *words = describe(batch_take);
    printf("%s %s\n", jmc_json_text(batch_take, "batch_id"), words);
    free(words);
    json_decref(batch_take);
}

/* Show a batch, once or until it has ended; then one of whose photographs some failed, or which was
 * cancelled, is a failure. */
static int show_batch(struct jmc_cli *cli, const char *id, bool watches)
{
    struct jmc_bar bar = {.is_quiet = cli->json};
    char *escaped = curl_easy_escape(NULL, id, 0);
    char *path = jmc_textf("/batch/%s/status", escaped);
    const struct jmc_watch watch = {
        .cli = cli, .path = path, .key = "batch_id", .id = id, .show = show, .user = &bar};
    int status;
    json_t *batch =
        watches ? jmc_watch_run(&watch, &status) : jmc_ask(cli, path, NULL, NULL, &status);
    if (batch != NULL) {
        const bool is_bad =
            jmc_json_int(batch, "failed_count") > 0 || is(batch, "status", "cancelled");
        status = watches && is_bad ? JMC_FAILED : JMC_OK;
        print(cli, batch);
    }
    free(path);
    curl_free(escaped);
    return status;
}

static int start(struct jmc_cli *cli, const struct order *order, char *const *photos)
{
    int status = JMC_USAGE;
    if ((order->session != 0) == (photos[0] != NULL)) {
        (void)jmc_complain("batch start: name either photographs by their ids or a --session");
        return JMC_USAGE;
    }
    json_t *ids = order->session != 0 ? jmc_batch_session_ids(cli, order->session, &status)
                                      : jmc_batch_ids(photos);
    if (ids == NULL) {
        return status;
    }
    json_t *document = json_pack("{s:o, s:s*}", "photo_ids", ids, "kind", order->kind);
    if (order->session != 0) {
        json_object_set_new(document, "session_id", json_integer(order->session));
    }
    if (order->priority != 0) {
        json_object_set_new(document, "priority", json_integer(order->priority));
    }
    json_t *answer = jmc_ask(cli, "/batch/start", document, NULL, &status);
    if (answer != NULL && order->watches) {
        status = show_batch(cli, jmc_json_text(answer, "batch_id"), true);
    } else if (answer != NULL && cli->json) {
        jmc_json_print(json_incref(answer));
    } else if (answer != NULL) {
        printf("%s started with %lld photographs\n", jmc_json_text(answer, "batch_id"),
               jmc_json_int(answer, "photo_count"));
    }
    json_decref(answer);
    return status;
}

static int turn(struct jmc_cli *cli, const char *verb, const char *id, bool watches)
{
    char *escaped = curl_easy_escape(NULL, id, 0);
    char *path = jmc_textf("/batch/%s/%s", escaped, verb);
    int status;
    json_t *answer = jmc_ask(cli, path, json_object(), NULL, &status);
    const bool is_done = answer != NULL;
    json_decref(answer);
    free(path);
    curl_free(escaped);
    return is_done ? show_batch(cli, id, watches) : status;
}

static int list(struct jmc_cli *cli)
{
    struct jmc_table table = {.columns = 4};
    size_t i;
    json_t *batch;
    int status;
    json_t *answer = jmc_ask(cli, "/batch/list", NULL, NULL, &status);
    if (answer == NULL || cli->json) {
        if (answer != NULL) {
            jmc_json_print(answer);
        }
        return status;
    }
    jmc_table_add(&table, "ID");
    jmc_table_add(&table, "KIND");
    jmc_table_add(&table, "STARTED");
    jmc_table_add(&table, "");
    json_array_foreach(json_object_get(answer, "batches"), i, batch)
    {
        char *words = describe(batch);
        jmc_table_add(&table, jmc_json_text(batch, "batch_id"));
        jmc_table_add(&table, jmc_json_text(batch, "kind"));
        jmc_table_add(&table, jmc_json_text(batch, "started_at"));
        jmc_table_add(&table, words);
        free(words);
    }
    jmc_table_print(&table, stdout);
    jmc_table_fini(&table);
    json_decref(answer);
    return status;
}

static int run(struct jmc_cli *cli, const struct order *order, char *const *words)
{
    static const char *const turns[] = {"pause", "resume", "cancel"};
    const char *verb = words[0];
    if (strcmp(verb, "start") == 0) {
        return start(cli, order, words + 1);
    }
    if (strcmp(verb, "list") == 0 && words[1] == NULL) {
        return list(cli);
    }
    if (words[1] == NULL || words[2] != NULL) {
        (void)jmc_complain("batch %s: one batch is needed, by its id", verb);
        return JMC_USAGE;
    }
    if (strcmp(verb, "status") == 0) {
        return show_batch(cli, words[1], order->watches);
    }
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        if (strcmp(verb, turns[i]) == 0) {
            return turn(cli, verb, words[1], order->watches);
        }
    }
    (void)jmc_complain(
        "batch: there is no '%s'; it is start, pause, resume, cancel, status or list", verb);
    return JMC_USAGE;
}

int jmc_batch(struct jmc_cli *cli, int argc, char **argv)
{
    struct order order = {.session = 0};
    const struct jmc_arguments arguments = {
        .help = help,
        .example = example,
        .options = options,
        .take = take_option,
        .user = &order,
        .least = 1,
        .most = INT_MAX,
        .what = "what to do (start, pause, resume, cancel, status or list)"};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    return status != JMC_GO_ON ? status : run(cli, &order, argv + optind);
}
