/* Batches of an import; see batch.h. */
#include "batch.h"

#include "exchange.h"
#include "json.h"
#include "stop.h"
#include "stream.h"

#include <junmai/sdk/path.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_FILES 64
#define BATCH_BYTES (256u << 10) /* of paths, well below what a request may have */
#define TRIES 10
#define STEP_MS 200

/* One batch: a slice of the photographs. */
struct batch {
    struct jmc_import *import;
    CURLM *multi;
    size_t first, count;
    uint64_t bytes;
    uint64_t bytes_before; /* that are done of the batches before it */
    char id[64];           /* that the host's progress has for it; "" while it is not known */
};

/* Progress of a batch: that of ours is the one that has as many files and bytes. */
static void on_event(void *user, json_t *event, const char *text)
{
    struct batch *batch = user;
    struct jmc_import *import = batch->import;
    const char *id = jmc_json_text(event, "import_id");
    (void)text;
    if (batch->id[0] == '\0' && jmc_json_int(event, "files_total") == (long long)batch->count &&
        jmc_json_int(event, "bytes_total") == (long long)batch->bytes) {
        (void)snprintf(batch->id, sizeof batch->id, "%s", id);
    }
    if (id[0] != '\0' && strcmp(batch->id, id) == 0) {
        import->progress.files_done = batch->first + (uint64_t)jmc_json_int(event, "files_done");
        import->progress.bytes_done =
            batch->bytes_before + (uint64_t)jmc_json_int(event, "bytes_done");
    }
}

static void on_notice(void *user, json_t *notice)
{
    (void)user;
    (void)notice;
}

/* As many of the next files as one batch takes. */
static void choose(struct batch *batch, size_t first)
{
    const struct jmc_files *photos = &batch->import->scan.photos;
    size_t path_bytes = 0;
    batch->first = first;
    batch->count = 0;
    batch->bytes = 0;
    batch->id[0] = '\0';
    while (first + batch->count < photos->count && batch->count < BATCH_FILES) {
        const struct jmc_file *photo = &photos->items[first + batch->count];
        path_bytes += strlen(photo->path) + 3;
        if (path_bytes > BATCH_BYTES && batch->count > 0) {
            break;
        }
        batch->bytes += photo->bytes;
        batch->count++;
    }
}

static json_t *request_of(const struct batch *batch)
{
    const struct jmc_import *import = batch->import;
    json_t *paths = json_array();
    for (size_t i = 0; i < batch->count; i++) {
        const char *path = import->scan.photos.items[batch->first + i].path;
        char *text = jm_path_text(jm_span_of(path));
        (void)json_array_append_new(paths, json_string(text != NULL ? text : ""));
        free(text);
    }
    json_t *request =
        json_pack("{s:o, s:b}", "file_paths", paths, "check_duplicates", !import->takes_duplicates);
    if (import->session != 0) {
        (void)json_object_set_new(request, "session_id", json_integer(import->session));
    }
    return request;
}

/* Bytes of the batch that came to nothing. */
static uint64_t refused_bytes(const struct batch *batch, const json_t *errors)
{
    json_t *refused = json_object();
    uint64_t bytes = 0;
    size_t i;
    json_t *error;
    json_array_foreach(errors, i, error)
    {
        const char *path = json_string_value(json_array_get(error, 0));
        (void)json_object_set_new(refused, path != NULL ? path : "", json_true());
    }
    for (i = batch->first; i < batch->first + batch->count; i++) {
        const struct jmc_file *photo = &batch->import->scan.photos.items[i];
        char *text = jm_path_text(jm_span_of(photo->path));
        bytes += text != NULL && json_object_get(refused, text) != NULL ? photo->bytes : 0;
        free(text);
    }
    json_decref(refused);
    return bytes;
}

static void keep(struct batch *batch, const json_t *answer)
{
    struct jmc_import *import = batch->import;
    const json_t *results = json_object_get(answer, "results");
    (void)json_array_extend(import->success, json_object_get(results, "success"));
    (void)json_array_extend(import->duplicates, json_object_get(results, "duplicates"));
    (void)json_array_extend(import->errors, json_object_get(results, "errors"));
    batch->bytes_before += batch->bytes - refused_bytes(batch, json_object_get(results, "errors"));
}

/* One request; `retry_s_out` is above 0 when the host asks to come again. */
static int send_once(struct batch *batch, int *retry_s_out)
{
    struct jmc_import *import = batch->import;
    struct jmc_exchange exchange;
    int status = JMC_FAILED;
    bool goes_on = true;
    *retry_s_out = 0;
    jmc_exchange_start(&exchange, import->cli, batch->multi, "/import/batch", request_of(batch));
    while (goes_on && !exchange.transfer.finished) {
        goes_on = jmc_transfers_step(batch->multi, STEP_MS);
        jmc_progress_show(&import->progress);
    }
    if (exchange.transfer.finished && exchange.transfer.status == 503) {
        *retry_s_out = jmc_exchange_retry_s(&exchange);
    }
    if (exchange.transfer.finished && *retry_s_out == 0) {
        json_t *answer = jmc_exchange_json(&exchange, import->cli, &status);
        if (answer != NULL) {
            keep(batch, answer);
            json_decref(answer);
        }
    }
    jmc_exchange_fini(&exchange);
    return status;
}

static int send_batch(struct batch *batch)
{
    int retry_s = 0;
    for (int i = 0; i < TRIES; i++) {
        const int status = send_once(batch, &retry_s);
        if (retry_s == 0) {
            return status;
        }
        if (jmc_stop_wait(retry_s * 1000)) {
            return JMC_FAILED;
        }
    }
    return jmc_complain("the host takes no imports at the moment: try again later");
}

int jmc_import_send(struct jmc_import *import)
{
    CURLM *multi = curl_multi_init();
    struct batch batch = {.import = import, .multi = multi};
    struct jmc_stream stream;
    int status = JMC_OK;
    jmc_stream_init(&stream, import->cli, multi, "photos", "import_progress", NULL);
    stream.event = on_event;
    stream.notice = on_notice;
    stream.user = &batch;
    jmc_stream_open(&stream);
    for (size_t first = 0; status == JMC_OK && first < import->scan.photos.count;
         first += batch.count) {
        choose(&batch, first);
        status = send_batch(&batch);
        if (status == JMC_OK) {
            import->progress.files_done = first + batch.count;
            import->progress.bytes_done = batch.bytes_before;
            jmc_progress_show(&import->progress);
        }
    }
    jmc_stream_fini(&stream);
    curl_multi_cleanup(multi);
    return status;
}
