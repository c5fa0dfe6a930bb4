/* The table preview_wanted. */
#include "wanted.h"

#include "cache.h"
#include "failures.h"
#include "job.h"

jm_status wanted_add(struct preview_core *core, int64_t photo)
{
    const jm_value args[] = {value_int(photo)};
    return core->store->exec(core->host,
                             "INSERT OR IGNORE INTO preview_wanted(photo_id) VALUES(?1)", args, 1,
                             NULL, NULL, NULL);
}

void wanted_forget(struct preview_core *core, int64_t photo)
{
    const jm_value args[] = {value_int(photo)};
    (void)core->store->exec(core->host, "DELETE FROM preview_wanted WHERE photo_id = ?1", args, 1,
                            NULL, NULL, NULL);
}

static jm_status take_id(void *user, const jm_value *columns, size_t count)
{
    int64_t *id = user;
    (void)count;
    *id = columns[0].integer;
    return JM_OK;
}

/* The next one in the order of ids; 0 where there is none. */
static int64_t next_photo(struct preview_core *core)
{
    int64_t id = 0;
    const jm_value args[] = {value_int(core->wanted_after)};
    (void)core->store->exec(core->host,
                            "SELECT photo_id FROM preview_wanted WHERE photo_id > ?1"
                            " ORDER BY photo_id LIMIT 1",
                            args, 1, take_id, &id, NULL);
    return id;
}

/* Begin one, or find that there is nothing to do for it. False where nothing more can begin now. */
static bool begin(struct preview_core *core, int64_t id)
{
    char reason[REASON_BYTES];
    struct photo photo;
    bool can_go_on = true;
    if (job_of_photo(core, id) != NULL) {
        return true;
    }
    jm_status status = photo_get(core, id, &photo);
    if (status == JM_ENOENT) {
        wanted_forget(core, id);
    } else if (status < 0) {
        can_go_on = false;
    } else if (cache_has(core, photo.hash) || failure_find(core, photo.hash, reason)) {
        wanted_forget(core, id);
    } else if (job_of_content(core, photo.hash) == NULL) {
        can_go_on = job_background(core, &photo) == JM_OK;
    }
    photo_fini(&photo);
    return can_go_on;
}

void wanted_pump(struct preview_core *core)
{
    while (core->active && job_background_count(core) < core->options.background) {
        int64_t id = next_photo(core);
        if (id == 0 || !begin(core, id)) {
            return;
        }
        core->wanted_after = id;
    }
}

void wanted_retry(struct preview_core *core)
{
    core->wanted_after = 0;
    wanted_pump(core);
}
