/* Batches: their window, their progress, their answer. */
#include "batch.h"

#include "answers.h"
#include "batch_plan.h"
#include "events.h"
#include "kind.h"
#include "source.h"
#include "space.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>
#include <stdatomic.h>
#include <unistd.h>

#define PROGRESS_MS 250

enum item_state { ITEM_OPEN, ITEM_RUNNING, ITEM_IMPORTED, ITEM_DUPLICATE, ITEM_FAILED };

struct item {
    struct batch *batch;
    const char *path;        /* of batch->paths */
    char *real;              /* where that is, as text; NULL where it cannot be read */
    uint64_t size;           /* 0 where it cannot be read */
    _Atomic uint64_t copied; /* written by the pool */
    enum item_state state;
    size_t leader; /* whose import may bring it along; itself for none */
    size_t next;   /* the next that has the same leader; count at the end */
    bool alone;    /* it did not come along */
    json_t *entry; /* its line in the results */
};

struct batch {
    struct import_core *core;
    struct batch_request request;
    char id[REPORT_ID_BYTES];
    jm_id timer;
    uint64_t started_ms;
    size_t count;
    size_t *queue; /* items in the order in which they are started */
    size_t queued;
    size_t started; /* of the queue */
    size_t running;
    struct verdict failure; /* of the file that stopped the batch */
    struct item items[];
};

static void batch_free(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        json_decref(batch->items[i].entry);
        free(batch->items[i].real);
    }
    json_decref((json_t *)batch->request.paths);
    json_decref(batch->request.stamp);
    free(batch->queue);
    free(batch);
}

static void publish_progress(struct batch *batch)
{
    const struct import_core *core = batch->core;
    struct import_progress progress = {
        .import_id = batch->id,
        .files_total = batch->count,
        .elapsed_ms = core->clock->monotonic_ms(core->host) - batch->started_ms,
    };
    for (size_t i = 0; i < batch->count; i++) {
        struct item *item = &batch->items[i];
        uint64_t copied = atomic_load_explicit(&item->copied, memory_order_relaxed);
        bool done = item->state >= ITEM_IMPORTED;
        progress.files_done += done;
        progress.bytes_total += item->size;
        progress.bytes_done += done || copied > item->size ? item->size : copied;
    }
    events_progress(core, &progress);
}

static jm_status on_tick(void *user, jm_id timer)
{
    (void)timer;
    publish_progress(user);
    return JM_OK;
}

static json_t *collect(const struct batch *batch, enum item_state state)
{
    json_t *entries = json_array();
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->items[i].state == state) {
            json_array_append(entries, batch->items[i].entry);
        }
    }
    return entries;
}

static void answer(struct batch *batch)
{
    const struct import_core *core = batch->core;
    json_t *success = collect(batch, ITEM_IMPORTED);
    size_t imported = json_array_size(success);
    json_t *results =
        json_pack("{s:I, s:I, s:o, s:o, s:o}", "total", (json_int_t)batch->count, "imported",
                  (json_int_t)imported, "success", success, "duplicates",
                  collect(batch, ITEM_DUPLICATE), "errors", collect(batch, ITEM_FAILED));
    json_t *json = json_pack("{s:s, s:o}", "import_id", batch->id, "results", results);
    if (batch->failure.http_status != 0) {
        answer_failure(core, batch->request.http_request, &batch->failure, "Failed to import batch",
                       json);
        return;
    }
    char message[96];
    snprintf(message, sizeof message, "Batch import completed: %zu/%zu files imported", imported,
             batch->count);
    json_object_set_new(json, "message", json_string(message));
    answer_success(core, batch->request.http_request, json);
}

static void fail_item(struct item *item, const struct verdict *verdict)
{
    struct batch *batch = item->batch;
    item->state = ITEM_FAILED;
    item->entry = json_pack("[s, s]", item->path, verdict->text);
    if (!batch->request.skip_on_error && batch->failure.http_status == 0) {
        batch->failure = *verdict;
    }
}

/* Files that the batch did not come to: it was stopped by the host, or never began. */
static void fail_rest(struct batch *batch, const struct verdict *verdict)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->items[i].state == ITEM_OPEN) {
            fail_item(&batch->items[i], verdict);
        }
    }
}

static struct report_counts count_ends(const struct batch *batch)
{
    struct report_counts counts = {0};
    for (size_t i = 0; i < batch->count; i++) {
        counts.imported += batch->items[i].state == ITEM_IMPORTED;
        counts.duplicates += batch->items[i].state == ITEM_DUPLICATE;
        counts.failed += batch->items[i].state == ITEM_FAILED;
    }
    return counts;
}

static void end(struct batch *batch)
{
    const struct import_core *core = batch->core;
    struct verdict stopped = {0};
    verdict_set(&stopped, 503, "not imported: the batch was stopped before this file");
    if (batch->timer != 0) {
        core->timer->stop(core->host, batch->timer);
    }
    if (batch->failure.http_status == 0) {
        fail_rest(batch, &stopped);
    }
    struct report_counts counts = count_ends(batch);
    publish_progress(batch);
    report_end(core, batch->id, &counts);
    if (batch->request.http_request != 0) {
        answer(batch);
    }
    if (batch->request.done != NULL) {
        batch->request.done(batch->request.user, &counts);
    }
    batch_free(batch);
}

static void advance(struct batch *batch);

static void tell_file(const struct item *item, int64_t photo)
{
    const struct batch_request *request = &item->batch->request;
    if (request->file_done != NULL) {
        request->file_done(request->user, item->path, photo);
    }
}

static void set_imported(struct item *item, const struct import_outcome *outcome,
                         const char *file_name, const char *path)
{
    item->state = ITEM_IMPORTED;
    item->entry =
        json_pack("{s:I, s:s, s:s, s:s}", "photo_id", (json_int_t)outcome->photo, "file_name",
                  file_name, "original_path", item->path, "final_path", path);
    tell_file(item, outcome->photo);
}

static void set_duplicate(struct item *item, const struct import_outcome *outcome)
{
    item->state = ITEM_DUPLICATE;
    item->entry = json_string(item->path);
    tell_file(item, outcome->photo);
}

/* The file of the outcome that was at `real`, or NULL. */
static const json_t *find_file(const struct import_outcome *outcome, const char *real)
{
    size_t index;
    const json_t *file;
    json_array_foreach(outcome->files, index, file)
    {
        const char *source = json_string_value(json_object_get(file, "source_path"));
        if (real != NULL && strcmp(source, real) == 0) {
            return file;
        }
    }
    return NULL;
}

/* What waits for the end of a leader has come along with it, or goes on alone. */
static void release(struct batch *batch, size_t leader, const struct import_outcome *outcome)
{
    for (size_t i = batch->items[leader].next; i < batch->count; i = batch->items[i].next) {
        struct item *item = &batch->items[i];
        const json_t *file = find_file(outcome, item->real);
        if (file != NULL) {
            set_imported(item, outcome, json_string_value(json_object_get(file, "file_name")),
                         json_string_value(json_object_get(file, "path")));
            json_object_set(item->entry, "role", json_object_get(file, "role"));
        } else if (outcome->duplicate && !kind_is_photo(kind_of_name(item->real))) {
            set_duplicate(item, outcome);
        } else {
            item->alone = true;
            batch->queue[batch->queued++] = i;
        }
    }
}

static void on_imported(void *user, const struct import_outcome *outcome)
{
    struct item *item = user;
    struct batch *batch = item->batch;
    if (outcome->verdict.http_status == 409 && outcome->duplicate) {
        set_duplicate(item, outcome);
    } else if (outcome->verdict.http_status != 0) {
        fail_item(item, &outcome->verdict);
    } else {
        set_imported(item, outcome, outcome->file_name, outcome->final_path);
        if (json_array_size(outcome->warnings) > 0) {
            json_object_set(item->entry, "warnings", (json_t *)outcome->warnings);
        }
    }
    if (!item->alone) {
        release(batch, (size_t)(item - batch->items), outcome);
    }
    batch->running--;
    advance(batch);
}

static void start_item(struct item *item)
{
    struct batch *batch = item->batch;
    struct import_request request = {
        .path = item->path,
        .session = batch->request.session,
        .refuse_duplicates = batch->request.refuse_duplicates,
        .mode = batch->request.mode,
        .stamp = batch->request.stamp,
        .alone = item->alone,
        .import_id = batch->id,
        .copied = &item->copied,
        .done = on_imported,
        .user = item,
    };
    jm_status status = import_start(batch->core, &request);
    if (status == JM_OK) {
        item->state = ITEM_RUNNING;
        batch->running++;
        return;
    }
    struct verdict verdict = {0};
    verdict_set(&verdict, 503, "cannot be imported now: the host takes no more work");
    fail_item(item, &verdict);
}

/* Keep the window full; end the batch when it has run empty. */
static void advance(struct batch *batch)
{
    const struct import_core *core = batch->core;
    size_t window = batch->request.skip_on_error ? core->options.max_parallel : 1;
    while (batch->running < window && batch->started < batch->queued && core->accepting &&
           batch->failure.http_status == 0) {
        start_item(&batch->items[batch->queue[batch->started++]]);
    }
    if (batch->running == 0) {
        end(batch);
    }
}

/* Whether the disks have room for everything; else nothing is begun. */
static void check_space(struct batch *batch)
{
    const struct import_options *options = &batch->core->options;
    enum import_mode mode =
        batch->request.mode == IMPORT_DEFAULT ? options->mode : batch->request.mode;
    uint64_t needed = 0;
    for (size_t i = 0; i < batch->count; i++) {
        needed += batch->items[i].size;
    }
    uint64_t free_bytes;
    bool room = mode == IMPORT_REFERENCE || needed == 0 ||
                space_check(options->library, "the library", needed, &batch->failure);
    /* A backup that is not there is told file by file. */
    if (room && options->backup[0] != '\0' && space_free(options->backup, &free_bytes) == 0) {
        space_compare(options->backup, "the backup", needed, free_bytes, &batch->failure);
    }
}

/* How much there is to do. What cannot be opened counts nothing and fails later by itself. */
static jm_status run_measure(void *user)
{
    struct batch *batch = user;
    const struct import_options *options = &batch->core->options;
    for (size_t i = 0; i < batch->count; i++) {
        struct source source;
        struct verdict verdict = {0};
        if (source_open(&options->roots, options->max_file_bytes, batch->items[i].path, &source,
                        &verdict)) {
            batch->items[i].size = (uint64_t)source.info.st_size;
            batch->items[i].real = jm_path_text(jm_span_of(source.path));
            close(source.fd);
        }
    }
    check_space(batch);
    return JM_OK;
}

/* Who leads whom, and in which order they start. */
static void plan(struct batch *batch)
{
    const char **paths = calloc(batch->count + 1, sizeof *paths);
    size_t *leaders = calloc(batch->count + 1, sizeof *leaders);
    for (size_t i = 0; paths != NULL && i < batch->count; i++) {
        paths[i] = batch->items[i].real;
    }
    bool planned = paths != NULL && leaders != NULL;
    if (planned) {
        batch_plan(paths, batch->count, batch->core->options.pair_raw_jpeg, leaders);
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct item *item = &batch->items[i];
        item->leader = planned ? leaders[i] : i;
        if (item->leader == i) {
            batch->queue[batch->queued++] = i;
        } else {
            item->next = batch->items[item->leader].next;
            batch->items[item->leader].next = i;
        }
    }
    free(paths);
    free(leaders);
}

static jm_status on_measured(void *user, jm_id work, jm_status status)
{
    struct batch *batch = user;
    const struct import_core *core = batch->core;
    (void)work;
    (void)status;
    batch->started_ms = core->clock->monotonic_ms(core->host);
    if (batch->failure.http_status != 0) {
        struct verdict refusal = batch->failure;
        events_trouble(core, &refusal, batch->count > 0 ? batch->items[0].path : "");
        fail_rest(batch, &refusal);
        end(batch);
        return JM_OK;
    }
    plan(batch);
    publish_progress(batch);
    if (core->timer->start(core->host, "tell the progress of an import", PROGRESS_MS, PROGRESS_MS,
                           on_tick, batch, &batch->timer) < 0) {
        batch->timer = 0;
    }
    advance(batch);
    return JM_OK;
}

static struct batch *batch_new(struct import_core *core, const struct batch_request *request)
{
    size_t count = json_array_size(request->paths);
    struct batch *batch = calloc(1, sizeof *batch + count * sizeof batch->items[0]);
    if (batch == NULL) {
        return NULL;
    }
    batch->queue = calloc(count + 1, sizeof *batch->queue);
    batch->core = core;
    batch->request = *request;
    json_incref((json_t *)request->paths);
    json_incref(request->stamp);
    batch->count = count;
    for (size_t i = 0; i < count; i++) {
        batch->items[i].batch = batch;
        batch->items[i].leader = i;
        batch->items[i].next = count;
        batch->items[i].path = json_string_value(json_array_get(request->paths, i));
    }
    return batch;
}

jm_status batch_start(struct import_core *core, const struct batch_request *request,
                      char import_id_out[REPORT_ID_BYTES])
{
    jm_id work;
    struct batch *batch = batch_new(core, request);
    struct report_head head = {
        .kind = request->kind,
        .mode = request->mode,
        .session = request->session,
        .total = json_array_size(request->paths),
    };
    jm_status status = batch == NULL || batch->queue == NULL
                           ? import_fail(core, JM_ENOMEM, "out of memory")
                           : report_begin(core, &head, batch->id);
    if (status == JM_OK) {
        status = core->work->submit(core->host, "measure the files of a batch", run_measure,
                                    on_measured, batch, &work);
    }
    if (status == JM_OK) {
        memcpy(import_id_out, batch->id, REPORT_ID_BYTES);
    } else if (batch != NULL) {
        batch_free(batch);
    }
    return status;
}
