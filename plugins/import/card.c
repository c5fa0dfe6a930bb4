/* Cards: looked through on the pool, imported as a batch. */
#include "card.h"

#include "answers.h"
#include "batch.h"
#include "card_ledger.h"
#include "space.h"

#include <junmai/sdk/json.h>

#define SLICE_FILES 400 /* that are looked up in one turn of the loop: about 2 ms */
#define LISTED_MAX 1000 /* files that a dry run names */

struct card {
    struct card *next; /* in core->cards */
    struct import_core *core;
    struct card_request request;
    char *path;
    int64_t id; /* of its job; 0 before */
    struct card_scan scan;
    size_t sorted; /* files of the scan that are looked up */
    struct verdict verdict;
    uint64_t free_bytes; /* of the library */
    json_t *fresh;       /* paths that are not remembered */
    json_t *known;       /* {path, photo_id} of the first */
    size_t known_count;
    json_t *index; /* path -> number in the scan, of the fresh ones */
    uint64_t needed_bytes;
    size_t done;
};

static void card_free(struct card *card)
{
    card_scan_fini(&card->scan);
    json_decref(card->fresh);
    json_decref(card->known);
    json_decref(card->index);
    json_decref(card->request.stamp);
    free(card->path);
    free(card);
}

static void unlist(struct card *card)
{
    struct card **link = &card->core->cards;
    while (*link != card) {
        link = &(*link)->next;
    }
    *link = card->next;
}

int64_t card_running(const struct import_core *core, jm_span path)
{
    const struct card *card = core->cards;
    while (card != NULL && !(card->id != 0 && jm_span_is(path, card->path))) {
        card = card->next;
    }
    return card == NULL ? 0 : card->id;
}

size_t card_files_done(const struct import_core *core, int64_t id)
{
    const struct card *card = core->cards;
    while (card != NULL && card->id != id) {
        card = card->next;
    }
    return card == NULL ? 0 : card->done;
}

static void end(struct card *card)
{
    unlist(card);
    card_free(card);
}

static jm_status run_scan(void *user)
{
    struct card *card = user;
    const struct import_options *options = &card->core->options;
    card_scan(&options->roots, card->path, &card->scan, &card->verdict);
    space_free(options->library, &card->free_bytes);
    return JM_OK;
}

/* Whether a file is remembered. */
static jm_status sort_file(struct card *card, size_t number)
{
    const struct card_file *file = &card->scan.files[number];
    int64_t photo;
    jm_status status = card_ledger_find(card->core, file, &photo);
    if (status < 0) {
        return status;
    }
    if (photo == 0) {
        json_array_append_new(card->fresh, json_string(file->path));
        json_object_set_new(card->index, file->path, json_integer((json_int_t)number));
        card->needed_bytes += (uint64_t)file->size;
        return JM_OK;
    }
    card->known_count++;
    if (card->request.dry_run && card->known_count <= LISTED_MAX) {
        json_array_append_new(card->known, json_pack("{s:s, s:I}", "path", file->path, "photo_id",
                                                     (json_int_t)photo));
    }
    return JM_OK;
}

/* As many files as one turn has time for: a card may have thousands, and the loop serves others. */
static jm_status sort_slice(struct card *card)
{
    jm_status status = JM_OK;
    for (size_t i = 0; status == JM_OK && i < SLICE_FILES && card->sorted < card->scan.count; i++) {
        status = sort_file(card, card->sorted++);
    }
    return status;
}

/* It is remembered in the turn that tells of it, when the photograph is committed. */
static void on_file_done(void *user, const char *path, int64_t photo)
{
    struct card *card = user;
    const json_t *number = json_object_get(card->index, path);
    card->done++;
    if (number != NULL) {
        card_ledger_put(card->core, &card->scan.files[json_integer_value(number)], photo);
    }
}

static void on_batch_done(void *user, const struct report_counts *counts)
{
    struct card *card = user;
    if (card_ledger_end(card->core, card->id, counts) < 0) {
        JM_LOGF(card->core->log, card->core->host, JM_LOG_ERROR,
                "the end of card %lld is not recorded: %.*s", (long long)card->id,
                JM_SPAN_ARGS(card->core->error->last(card->core->host)));
    }
    end(card);
}

static json_t *first_of(const json_t *files)
{
    json_t *first = json_array();
    for (size_t i = 0; i < json_array_size(files) && i < LISTED_MAX; i++) {
        json_array_append(first, json_array_get(files, i));
    }
    return first;
}

static void answer_dry(const struct card *card)
{
    answer_success(card->core, card->request.http_request,
                   json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:o, s:O}", "path", card->path,
                             "dry_run", 1, "new", (json_int_t)json_array_size(card->fresh), "known",
                             (json_int_t)card->known_count, "other", (json_int_t)card->scan.others,
                             "new_bytes", (json_int_t)card->needed_bytes, "new_files",
                             first_of(card->fresh), "known_files", card->known));
}

static void answer_begun(const struct card *card)
{
    json_t *job = NULL;
    if (card_ledger_get(card->core, card->id, &job) == JM_OK) {
        json_object_set_new(job, "other", json_integer((json_int_t)card->scan.others));
    }
    answer_success(card->core, card->request.http_request, job == NULL ? json_object() : job);
}

/* The new files as a batch, and the job that says so. */
static jm_status begin(struct card *card)
{
    char import_id[REPORT_ID_BYTES] = "";
    struct batch_request batch = {
        .kind = "card",
        .paths = card->fresh,
        .session = card->request.session,
        .refuse_duplicates = true,
        .skip_on_error = true,
        .mode = card->request.mode,
        .stamp = card->request.stamp,
        .file_done = on_file_done,
        .done = on_batch_done,
        .user = card,
    };
    struct card_job job = {
        .path = card->path,
        .session = card->request.session,
        .mode = card->request.mode,
        .new_count = json_array_size(card->fresh),
        .known_count = card->known_count,
    };
    struct report_counts none = {0};
    jm_status status = card_ledger_begin(card->core, &job, &card->id);
    if (status == JM_OK && job.new_count == 0) {
        status = card_ledger_end(card->core, card->id, &none);
        if (status == JM_OK) {
            answer_begun(card);
            end(card);
        }
        return status;
    }
    if (status == JM_OK) {
        status = batch_start(card->core, &batch, import_id);
    }
    if (status == JM_OK) {
        card_ledger_begun(card->core, card->id, import_id);
        answer_begun(card);
    }
    return status;
}

static jm_status refuse(struct card *card, jm_status status)
{
    const struct import_core *core = card->core;
    if (card->verdict.http_status == 0) {
        verdict_set(&card->verdict, 503, "%.*s", JM_SPAN_ARGS(core->error->last(core->host)));
    }
    answer_failure(core, card->request.http_request, &card->verdict, "Failed to import card", NULL);
    end(card);
    return status;
}

/* All files are looked up. */
static jm_status on_sorted(struct card *card)
{
    const struct import_options *options = &card->core->options;
    if (card->request.dry_run) {
        answer_dry(card);
        end(card);
        return JM_OK;
    }
    if (!space_compare(options->library, "the library", card->needed_bytes, card->free_bytes,
                       &card->verdict)) {
        refuse(card, JM_OK);
        return JM_OK;
    }
    jm_status status = begin(card);
    return status < 0 ? refuse(card, status) : JM_OK;
}

static jm_status sort_on(struct card *card);

/* A way through the pool, and nothing else: what waits for the loop comes first. [worker] */
static jm_status run_pause(void *user)
{
    (void)user;
    return JM_OK;
}

static jm_status on_paused(void *user, jm_id work, jm_status status)
{
    (void)work;
    (void)status; /* where it was cancelled, importing is being stopped */
    return sort_on(user);
}

/* Slice by slice, each in a round of its own. */
static jm_status sort_on(struct card *card)
{
    const struct import_core *core = card->core;
    jm_id work;
    if (!core->accepting) {
        verdict_set(&card->verdict, 503, "importing is being stopped; try again in a moment");
        refuse(card, JM_OK);
        return JM_OK;
    }
    jm_status status = sort_slice(card);
    if (status == JM_OK && card->sorted == card->scan.count) {
        return on_sorted(card);
    }
    if (status == JM_OK) {
        status = core->work->submit(core->host, "look up the files of a card", run_pause, on_paused,
                                    card, &work);
    }
    return status < 0 ? refuse(card, status) : JM_OK;
}

static jm_status on_scanned(void *user, jm_id work, jm_status status)
{
    struct card *card = user;
    (void)work;
    if (status < 0) {
        verdict_set(&card->verdict, 503, "importing is being stopped; try again in a moment");
    }
    if (card->verdict.http_status != 0) {
        refuse(card, JM_OK);
        return JM_OK;
    }
    return sort_on(card);
}

static struct card *card_new(struct import_core *core, const struct card_request *request)
{
    struct card *card = calloc(1, sizeof *card);
    if (card == NULL) {
        return NULL;
    }
    card->core = core;
    card->request = *request;
    card->request.mode = request->mode == IMPORT_DEFAULT ? core->options.mode : request->mode;
    card->path = jm_span_dup(request->path);
    json_incref(card->request.stamp);
    card->fresh = json_array();
    card->known = json_array();
    card->index = json_object();
    return card;
}

jm_status card_start(struct import_core *core, const struct card_request *request)
{
    jm_id work;
    struct card *card = card_new(core, request);
    if (card == NULL || card->path == NULL) {
        if (card != NULL) {
            card_free(card);
        }
        return import_fail(core, JM_ENOMEM, "out of memory");
    }
    jm_status status =
        core->work->submit(core->host, "look through a card", run_scan, on_scanned, card, &work);
    if (status < 0) {
        card_free(card);
        return status;
    }
    card->next = core->cards;
    core->cards = card;
    return JM_OK;
}
