/* The rules of decisions. The catalog keeps approved, approved_at and rejection_reason of a row in
 * line with each other; here is what a decision means, and when it is none. */
#include "decide.h"

#include "decisions.h"
#include "develop.h"
#include "events.h"
#include "exports.h"

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool has_status(const struct approval_photo *photo, const char *status)
{
    return strcmp(photo->status, status) == 0;
}

/* Its develop job waits or runs. */
static bool is_being_developed(const struct approval_photo *photo)
{
    return has_status(photo, "queued") || has_status(photo, "processing");
}

static bool is_last(const json_t *last, const char *action)
{
    const char *text = text_at(last, "action");
    return text != NULL && strcmp(text, action) == 0;
}

static bool is_same_text(const json_t *decision, const char *key, jm_span text)
{
    const char *kept = text_at(decision, key);
    return kept != NULL && jm_span_is(text, kept);
}

static bool has_same_adjustments(const json_t *last, const json_t *adjustments)
{
    json_t *kept = json_loads(text_at(last, "adjustments"), 0, NULL);
    bool same = json_equal(kept, adjustments) == 1;
    json_decref(kept);
    return same;
}

/* Whether the photograph already is what is wished. */
static bool is_repeated(const struct approval_photo *photo, const json_t *last,
                        const struct approval_wish *wish)
{
    switch (wish->action) {
    case APPROVAL_APPROVE:
        return photo->approved && has_status(photo, "completed");
    case APPROVAL_REJECT:
        return has_status(photo, "rejected") &&
               (!wish->has_reason ||
                (is_last(last, "rejected") && is_same_text(last, "reason", wish->reason)));
    case APPROVAL_MODIFY:
        break;
    }
    return is_being_developed(photo) && is_last(last, "modified") &&
           is_same_text(last, "final_preset", wish->preset) &&
           has_same_adjustments(last, wish->adjustments);
}

static jm_status record(const struct approval_core *core, const struct approval_photo *before,
                        const struct approval_wish *wish, const char *action, const char *job)
{
    bool modifies = wish->action == APPROVAL_MODIFY;
    const jm_span none = {NULL, 0};
    jm_span adjustments = modifies ? jm_json_dump(wish->adjustments) : JM_SPAN("{}");
    if (jm_span_absent(adjustments))
        return JM_ENOMEM;
    const struct approval_record row = {
        .before = before,
        .action = action,
        .reason = wish->action == APPROVAL_REJECT ? wish->reason : none,
        .final_preset = modifies ? wish->preset : jm_span_of(before->preset),
        .adjustments = adjustments,
        .job = jm_span_of(job),
        .who = wish->who,
    };
    jm_status status = approval_decision_add(core, &row);
    if (modifies)
        free((char *)adjustments.ptr);
    return status;
}

static jm_status approve(const struct approval_core *core, const struct approval_photo *before,
                         const struct approval_wish *wish, struct approval_outcome *outcome)
{
    jm_status status = approval_photo_change(
        core, before->id, json_pack("{s:s, s:b}", "status", "completed", "approved", 1),
        &outcome->photo);
    if (status == JM_OK)
        status = record(core, before, wish, "approved", NULL);
    if (status == JM_OK)
        status = approval_event_approved(core, before);
    if (status == JM_OK && wish->exports)
        status = approval_exports_add(core, before->id, outcome->export_jobs);
    return status;
}

static jm_status reject(const struct approval_core *core, const struct approval_photo *before,
                        const struct approval_wish *wish, struct approval_outcome *outcome)
{
    json_t *changes = json_pack("{s:s, s:b, s:o}", "status", "rejected", "approved", 0,
                                "rejection_reason", jm_json_text(wish->reason));
    jm_status status = approval_photo_change(core, before->id, changes, &outcome->photo);
    if (status == JM_OK)
        status = record(core, before, wish, "rejected", NULL);
    return status == JM_OK ? approval_event_rejected(core, before, wish->reason) : status;
}

/* A photograph that is developed anew must be looked at anew. The job of a modification before this
 * one would only develop what nobody wants any more. */
static jm_status modify(const struct approval_core *core, const struct approval_photo *before,
                        const json_t *last, const struct approval_wish *wish,
                        struct approval_outcome *outcome)
{
    char job[QUEUE_ID_SIZE];
    json_t *changes = json_pack("{s:s, s:b, s:o}", "status", "queued", "approved", 0,
                                "selected_preset", jm_json_text(wish->preset));
    jm_status status = approval_develop_cancel(core, last);
    if (status < 0) {
        json_decref(changes);
        return status;
    }
    status = approval_photo_change(core, before->id, changes, &outcome->photo);
    if (status == JM_OK)
        status = approval_develop_submit(core, before->id, wish->preset, wish->adjustments, job);
    return status == JM_OK ? record(core, before, wish, "modified", job) : status;
}

static jm_status apply(const struct approval_core *core, const struct approval_photo *before,
                       const json_t *last, const struct approval_wish *wish,
                       struct approval_outcome *outcome)
{
    switch (wish->action) {
    case APPROVAL_APPROVE:
        return approve(core, before, wish, outcome);
    case APPROVAL_REJECT:
        return reject(core, before, wish, outcome);
    case APPROVAL_MODIFY:
        break;
    }
    return modify(core, before, last, wish, outcome);
}

jm_status approval_decide_quietly(const struct approval_core *core, int64_t photo,
                                  const struct approval_wish *wish,
                                  struct approval_outcome *outcome_out)
{
    struct approval_photo before;
    json_t *last = NULL;
    *outcome_out = (struct approval_outcome){.export_jobs = json_array()};
    jm_status status = approval_photo_read(core, photo, &before);
    if (status == JM_OK)
        status = approval_decision_last(core, photo, &last);
    if (status == JM_OK && is_repeated(&before, last, wish)) {
        outcome_out->photo = before;
        before.json = NULL;
    } else if (status == JM_OK) {
        outcome_out->changed = true;
        status = apply(core, &before, last, wish, outcome_out);
    }
    json_decref(last);
    approval_photo_fini(&before);
    return status;
}

jm_status approval_decide(const struct approval_core *core, int64_t photo,
                          const struct approval_wish *wish, struct approval_outcome *outcome_out)
{
    jm_status status = approval_decide_quietly(core, photo, wish, outcome_out);
    if (status == JM_OK && outcome_out->changed)
        status = approval_event_queue(core, outcome_out->photo.session);
    return status;
}

/* What a photograph was before a decision. One that was queued or processing then is completed: its
 * job may have ended meanwhile, and nobody would take it out of that state. A reason stands in the
 * row of the decision before. */
static jm_status changes_back(const struct approval_core *core, int64_t photo,
                              const json_t *decision, json_t **changes_out)
{
    const char *was = text_at(decision, "status_before");
    bool had_job = strcmp(was, "queued") == 0 || strcmp(was, "processing") == 0;
    json_t *last = NULL;
    *changes_out = json_pack("{s:s, s:O}", "status", had_job ? "completed" : was, "approved",
                             json_object_get(decision, "approved_before"));
    if (is_last(decision, "modified"))
        json_object_set(*changes_out, "selected_preset",
                        json_object_get(decision, "original_preset"));
    if (strcmp(was, "rejected") != 0)
        return JM_OK;
    jm_status status = approval_decision_last(core, photo, &last);
    if (is_last(last, "rejected"))
        json_object_set(*changes_out, "rejection_reason", json_object_get(last, "reason"));
    json_decref(last);
    return status;
}

static jm_status take_back(const struct approval_core *core, int64_t photo, const json_t *decision,
                           struct approval_photo *photo_out)
{
    json_t *changes = NULL;
    jm_status status = approval_develop_cancel(core, decision);
    if (status == JM_OK)
        status = approval_decision_undo(core, decision);
    if (status == JM_OK)
        status = changes_back(core, photo, decision, &changes);
    if (status == JM_OK)
        return approval_photo_change(core, photo, changes, photo_out);
    json_decref(changes);
    return status;
}

jm_status approval_undo(const struct approval_core *core, int64_t photo,
                        struct approval_photo *photo_out, json_t **undone_out)
{
    struct approval_photo before;
    *photo_out = (struct approval_photo){.id = photo};
    *undone_out = NULL;
    jm_status status = approval_photo_read(core, photo, &before);
    if (status == JM_OK)
        status = approval_decision_last(core, photo, undone_out);
    if (status == JM_OK && *undone_out == NULL)
        status = approval_fail(core, JM_ESTATE,
                               "There is nothing to undo: no decision on photograph %lld is left",
                               (long long)photo);
    if (status == JM_OK)
        status = take_back(core, photo, *undone_out, photo_out);
    if (status == JM_OK)
        status = approval_event_queue(core, before.session);
    approval_photo_fini(&before);
    return status;
}

void approval_outcome_fini(struct approval_outcome *outcome)
{
    approval_photo_fini(&outcome->photo);
    json_decref(outcome->export_jobs);
    outcome->export_jobs = NULL;
}
