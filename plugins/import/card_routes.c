/* POST /import/card and GET /import/card/{id}. */
#include "answers.h"
#include "card.h"
#include "card_ledger.h"
#include "routes.h"
#include "stamp.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/routes.h>

static void ignore_json(void *user, jm_span json)
{
    (void)user;
    (void)json;
}

static jm_status answer_job(const struct import_core *core, jm_id request, int64_t id)
{
    json_t *job = NULL;
    jm_status status = card_ledger_get(core, id, &job);
    if (status == JM_OK) {
        json_object_set_new(job, "files_done", json_integer((json_int_t)card_files_done(core, id)));
        answer_success(core, request, job);
    }
    return status;
}

/* `session` is a name, `session_id` a number; neither: no session. A dry run opens none. */
static jm_status read_session(const struct import_core *core, const jm_doc *doc,
                              struct card_request *card)
{
    const catalog_service *catalog = catalog_of(core);
    jm_span name = {NULL, 0};
    int32_t created;
    jm_status status = jm_doc_text(doc, "session", false, &name);
    if (status == JM_OK) {
        status = jm_doc_int(doc, "session_id", false, &card->session);
    }
    if (status == JM_OK && jm_doc_value(doc, "session_id") != NULL) {
        status = answer_by_catalog(
            core, catalog->get_session(catalog_data(core), card->session, ignore_json, NULL));
    } else if (status == JM_OK && name.len > 0 && !card->dry_run) {
        status = answer_by_catalog(core, catalog->open_session(catalog_data(core), name, card->path,
                                                               &card->session, &created));
    }
    return status;
}

static jm_status read_mode(const struct import_core *core, const jm_doc *doc,
                           enum import_mode *mode)
{
    jm_span text = {NULL, 0};
    jm_status status = jm_doc_text(doc, "mode", false, &text);
    *mode = core->options.mode == IMPORT_MOVE ? IMPORT_MOVE : IMPORT_COPY;
    if (status == JM_OK && text.ptr != NULL &&
        (!mode_parse(text, mode) || *mode == IMPORT_REFERENCE)) {
        status = import_fail(core, JM_EINVAL,
                             "mode must be copy or move: a card does not stay where it is");
    }
    return status;
}

static jm_status read_card(const struct import_core *core, const jm_doc *doc,
                           struct card_request *card)
{
    jm_status status = jm_doc_text(doc, "path", false, &card->path);
    if (status == JM_OK && card->path.len == 0) {
        status = import_fail(core, JM_EINVAL, "path is required: the folder of the card");
    }
    if (status == JM_OK) {
        status = jm_doc_bool(doc, "dry_run", false, &card->dry_run);
    }
    if (status == JM_OK) {
        status = read_mode(core, doc, &card->mode);
    }
    return status < 0 ? status : stamp_read_body(core, jm_doc_value(doc, "template"), &card->stamp);
}

static jm_status on_card(void *user, const jm_request *request)
{
    struct import_core *core = user;
    struct card_request card = {.http_request = request->id};
    jm_doc doc;
    int64_t running = 0;
    jm_status status = answer_if_away(core);
    if (status < 0) {
        return status;
    }
    status = jm_doc_init(&doc, core->error, core->host, request->body);
    if (status == JM_OK) {
        status = read_card(core, &doc, &card);
    }
    if (status == JM_OK) {
        running = card.dry_run ? 0 : card_running(core, card.path);
    }
    if (status == JM_OK && running != 0) {
        status = answer_job(core, request->id, running);
    } else if (status == JM_OK) {
        status = read_session(core, &doc, &card);
        if (status == JM_OK) {
            status = card_start(core, &card);
        }
    }
    json_decref(card.stamp);
    jm_doc_fini(&doc);
    return status == JM_ESTATE ? JM_EBUSY : status;
}

static jm_status on_job(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    jm_span id = {NULL, 0};
    jm_status status = core->http->get_param(core->host, request->id, "id", &id);
    return status < 0 ? status : answer_job(core, request->id, strtoll(id.ptr, NULL, 10));
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/import/card",
     .help = "Import what is new on a card; dry_run only tells. Again: goes on where it stopped.",
     .fn = on_card},
    {.method = "GET",
     .path = "/import/card/{id:int}",
     .help = "How far the import of a card is.",
     .fn = on_job},
};

jm_status card_routes_add(struct import_core *core)
{
    return jm_routes_add(core->http, core->host, routes, JM_COUNT(routes), core);
}
