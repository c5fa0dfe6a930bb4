/* Batches: their window, their progress, their answer. */
#include "batch.h"

#include "answers.h"
#include "events.h"
#include "one_import.h"
#include "source.h"

#include <junmai/sdk/json.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <unistd.h>

#define PROGRESS_MS 250
#define ID_BYTES 24

enum item_state { ITEM_OPEN, ITEM_RUNNING, ITEM_IMPORTED, ITEM_DUPLICATE, ITEM_FAILED };

struct item {
    struct batch *batch;
    const char *path;        /* of batch->paths */
    uint64_t size;           /* 0 where it cannot be read */
    _Atomic uint64_t copied; /* written by the pool */
    enum item_state state;
    json_t *entry; /* its line in the results */
};

struct batch {
    struct import_core *core;
    jm_id http_request;
    json_t *paths;
    int64_t session;
    bool refuse_duplicates;
    bool skip_on_error;

    char id[ID_BYTES];
    jm_id timer;
    uint64_t started_ms;
    size_t count;
    size_t started; /* items before this one have been started */
    size_t running;
    struct verdict failure; /* of the file that stopped the batch */
    struct item items[];
};

static void batch_free(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        json_decref(batch->items[i].entry);
    }
    json_decref(batch->paths);
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
        answer_failure(core, batch->http_request, &batch->failure, "Failed to import batch", json);
        return;
    }
    char message[96];
    snprintf(message, sizeof message, "Batch import completed: %zu/%zu files imported", imported,
             batch->count);
    json_object_set_new(json, "message", json_string(message));
    answer_success(core, batch->http_request, json);
}

static void fail_item(struct item *item, const struct verdict *verdict)
{
    struct batch *batch = item->batch;
    item->state = ITEM_FAILED;
    item->entry = json_pack("[s, s]", item->path, verdict->text);
    if (!batch->skip_on_error && batch->failure.http_status == 0) {
        batch->failure = *verdict;
    }
}

/* Files that the batch did not come to: it was stopped, by a failure or by the host. */
static void fail_rest(struct batch *batch)
{
    struct verdict verdict = {0};
    verdict_set(&verdict, 503, "not imported: the batch was stopped before this file");
    for (; batch->started < batch->count; batch->started++) {
        fail_item(&batch->items[batch->started], &verdict);
    }
}

static void end(struct batch *batch)
{
    const struct import_core *core = batch->core;
    if (batch->timer != 0) {
        core->timer->stop(core->host, batch->timer);
    }
    if (batch->failure.http_status == 0) {
        fail_rest(batch);
    }
    publish_progress(batch);
    answer(batch);
    batch_free(batch);
}

static void advance(struct batch *batch);

static void on_imported(void *user, const struct import_outcome *outcome)
{
    struct item *item = user;
    struct batch *batch = item->batch;
    if (outcome->verdict.http_status == 409 && outcome->duplicate) {
        item->state = ITEM_DUPLICATE;
        item->entry = json_string(item->path);
    } else if (outcome->verdict.http_status != 0) {
        fail_item(item, &outcome->verdict);
    } else {
        item->state = ITEM_IMPORTED;
        item->entry = json_pack("{s:I, s:s, s:s, s:s}", "photo_id", (json_int_t)outcome->photo,
                                "file_name", outcome->file_name, "original_path", item->path,
                                "final_path", outcome->final_path);
        if (json_array_size(outcome->warnings) > 0) {
            json_object_set(item->entry, "warnings", (json_t *)outcome->warnings);
        }
    }
    batch->running--;
    advance(batch);
}

static void start_item(struct item *item)
{
    struct batch *batch = item->batch;
    struct import_request request = {
        .path = item->path,
        .session = batch->session,
        .refuse_duplicates = batch->refuse_duplicates,
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
    size_t window = batch->skip_on_error ? core->options.max_parallel : 1;
    while (batch->running < window && batch->started < batch->count && core->accepting &&
           batch->failure.http_status == 0) {
        start_item(&batch->items[batch->started++]);
    }
    if (batch->running == 0) {
        end(batch);
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
            close(source.fd);
        }
    }
    return JM_OK;
}

static jm_status on_measured(void *user, jm_id work, jm_status status)
{
    struct batch *batch = user;
    const struct import_core *core = batch->core;
    (void)work;
    (void)status;
    batch->started_ms = core->clock->monotonic_ms(core->host);
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
    uint64_t id = 0;
    size_t count = json_array_size(request->paths);
    struct batch *batch = calloc(1, sizeof *batch + count * sizeof batch->items[0]);
    if (batch == NULL || getrandom(&id, sizeof id, 0) != sizeof id) {
        free(batch);
        return NULL;
    }
    batch->core = core;
    batch->http_request = request->http_request;
    batch->paths = json_incref((json_t *)request->paths);
    batch->session = request->session;
    batch->refuse_duplicates = request->refuse_duplicates;
    batch->skip_on_error = request->skip_on_error;
    batch->count = count;
    snprintf(batch->id, sizeof batch->id, "%016llx", (unsigned long long)id);
    for (size_t i = 0; i < count; i++) {
        batch->items[i].batch = batch;
        batch->items[i].path = json_string_value(json_array_get(request->paths, i));
    }
    return batch;
}

jm_status batch_start(struct import_core *core, const struct batch_request *request)
{
    jm_id work;
    struct batch *batch = batch_new(core, request);
    if (batch == NULL) {
        return import_fail(core, JM_ENOMEM, "out of memory");
    }
    jm_status status = core->work->submit(core->host, "measure the files of a batch", run_measure,
                                          on_measured, batch, &work);
    if (status < 0) {
        batch_free(batch);
        return status;
    }
    return JM_OK;
}
