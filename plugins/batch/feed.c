/* A timer that fires as long as photographs wait for their jobs. What it works on is read from the
 * store each time: a part and its jobs change in one transaction, so that a kill or a turn that is
 * taken back leaves nothing half done and nothing to remember. */
#include "feed.h"

#include "follow.h"
#include "services.h"

#include <junmai/sdk/json.h>

#define BUDGET_MS 5
/* Not 0: a timer that is due at once would fire again before anybody else has their turn. */
#define SOON_MS 1
#define RETRY_MS 1000

struct part {
    int64_t batch_num; /* 0: no part is left */
    int64_t part;
    int64_t priority;
    int64_t session;
    json_t *photo_ids;
    char *group;
    char *kind;
    char *config;
};

static void part_fini(struct part *part)
{
    json_decref(part->photo_ids);
    free(part->group);
    free(part->kind);
    free(part->config);
}

static jm_status take_part(void *user, const jm_value *columns, size_t count)
{
    struct part *part = user;
    (void)count;
    part->batch_num = columns[0].integer;
    part->part = columns[1].integer;
    part->photo_ids = json_loadb(columns[2].bytes.ptr, columns[2].bytes.len, 0, NULL);
    part->group = jm_span_dup(columns[3].bytes);
    part->kind = jm_span_dup(columns[4].bytes);
    part->priority = columns[5].integer;
    part->config = jm_span_dup(columns[6].bytes);
    part->session = columns[7].type == JM_VALUE_INT ? columns[7].integer : 0;
    bool whole = part->photo_ids != NULL && part->group != NULL && part->kind != NULL &&
                 part->config != NULL;
    return whole ? JM_OK : JM_ENOMEM;
}

/* Submit the jobs; *missing_out counts photographs that were deleted meanwhile. */
static jm_status submit(const struct batch_core *core, const struct part *part,
                        int64_t *missing_out)
{
    const queue_service *queue;
    char id[QUEUE_ID_SIZE];
    jm_status status = batch_queue(core, &queue);
    for (size_t i = 0; status == JM_OK && i < json_array_size(part->photo_ids); i++) {
        queue_submission submission = {
            .size = sizeof(queue_submission),
            .priority = (int32_t)part->priority,
            .kind = jm_span_of(part->kind),
            .group = jm_span_of(part->group),
            .config = jm_span_of(part->config),
            .photo = json_integer_value(json_array_get(part->photo_ids, i)),
            .session = part->session,
        };
        status = queue->submit(core->queue->provider_data, &submission, id, NULL);
        if (status == JM_ENOENT) {
            ++*missing_out;
            status = JM_OK;
        }
        status = batch_queue_result(core, status);
    }
    return status;
}

static jm_status finish(const struct batch_core *core, const struct part *part, int64_t missing)
{
    jm_value part_args[] = {JM_INT(part->batch_num), JM_INT(part->part)};
    jm_value args[] = {JM_INT(part->batch_num), JM_INT(missing)};
    jm_status status = batch_sql(core, "DELETE FROM batch_parts WHERE batch_num = ?1 AND part = ?2",
                                 part_args, JM_COUNT(part_args), NULL, NULL);
    if (status == JM_OK && missing > 0)
        status = batch_sql(core, "UPDATE batch_batches SET missing = missing + ?2 WHERE num = ?1",
                           args, JM_COUNT(args), NULL, NULL);
    return status;
}

static jm_status feed_part(struct batch_core *core, bool *found_out)
{
    struct part part = {.batch_num = 0};
    int64_t missing = 0;
    jm_status status =
        batch_sql(core,
                  "SELECT p.batch_num, p.part, p.photo_ids, b.id, b.kind, b.priority, b.config,"
                  " b.session_id FROM batch_parts p JOIN batch_batches b ON b.num = p.batch_num"
                  " ORDER BY p.batch_num, p.part LIMIT 1",
                  NULL, 0, take_part, &part);
    *found_out = part.batch_num != 0;
    if (status == JM_OK && *found_out)
        status = submit(core, &part, &missing);
    if (status == JM_OK && *found_out)
        status = finish(core, &part, missing);
    if (status == JM_OK && *found_out)
        status = batch_follow(core, jm_span_of(part.group));
    part_fini(&part);
    return status;
}

static jm_status on_feed(void *user, jm_id timer);

static jm_status arm(struct batch_core *core, uint64_t delay_ms)
{
    if (core->feed_timer != 0)
        return JM_OK;
    return core->api.timer->start(core->api.host, "submit jobs of batches", delay_ms, 0, on_feed,
                                  core, &core->feed_timer);
}

static jm_status on_feed(void *user, jm_id timer)
{
    struct batch_core *core = user;
    uint64_t end_ms = core->api.clock->monotonic_ms(core->api.host) + BUDGET_MS;
    bool found = true;
    jm_status status = JM_OK;
    (void)timer;
    core->feed_timer = 0;
    while (status == JM_OK && found && core->api.clock->monotonic_ms(core->api.host) < end_ms)
        status = feed_part(core, &found);
    if (status < 0)
        (void)arm(core, RETRY_MS);
    else if (found)
        status = arm(core, SOON_MS);
    return status;
}

jm_status batch_feed(struct batch_core *core)
{
    return arm(core, SOON_MS);
}

void batch_feed_stop(struct batch_core *core)
{
    if (core->feed_timer != 0)
        (void)core->api.timer->stop(core->api.host, core->feed_timer);
    core->feed_timer = 0;
}
