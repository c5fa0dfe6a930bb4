/* Epoch, runs and sequence numbers; see life.h. Owned by the store, on the loop thread. */
#include "host/store/life.h"

#include "host/store/impl.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define BOOT_ID_BYTES 64

/* How the run before this one ended, as far as its rows tell. */
struct past {
    bool has_epoch;
    bool is_clean;
    bool was_full; /* its commits survived a power cut */
    char boot_id[BOOT_ID_BYTES];
};

jm_status jmh_meta_put(struct jmh_store *store, const char *key, jm_value value,
                       struct jmh_err *err)
{
    const jm_value args[] = {jmh_value_text(jmh_span(key)), value};
    return jmh_store_exec(store, NULL,
                          "INSERT INTO junmai_meta (key, value) VALUES (?1, ?2) "
                          "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                          args, 2, NULL, NULL, NULL, err);
}

static jm_status take_int(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    *(int64_t *)user = columns[0].integer;
    return JM_OK;
}

jm_status jmh_meta_int(struct jmh_store *store, const char *key, int64_t *value,
                       struct jmh_err *err)
{
    const jm_value arg = jmh_value_text(jmh_span(key));
    return jmh_store_exec(store, NULL, "SELECT value FROM junmai_meta WHERE key = ?1", &arg, 1,
                          take_int, value, NULL, err);
}

struct text {
    char *chars;
    size_t cap;
};

static jm_status take_text(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    const struct text *text = user;
    (void)snprintf(text->chars, text->cap, "%.*s", JMH_ARG(columns[0].bytes));
    return JM_OK;
}

/* "" where there is none. */
static jm_status meta_text(struct jmh_store *store, const char *key, char *out, size_t cap,
                           struct jmh_err *err)
{
    struct text text = {out, cap};
    const jm_value arg = jmh_value_text(jmh_span(key));
    out[0] = '\0';
    return jmh_store_exec(store, NULL, "SELECT value FROM junmai_meta WHERE key = ?1", &arg, 1,
                          take_text, &text, NULL, err);
}

static jm_status read_past(struct jmh_store *store, struct past *past, struct jmh_err *err)
{
    struct jmh_life *life = &store->life;
    int64_t run = 0;
    int64_t next_seq = 1;
    int64_t is_clean = 0;
    int64_t was_full = 0;
    int64_t last_event = 0;
    jm_status status = meta_text(store, "epoch", life->epoch, sizeof life->epoch, err);
    if (status != JM_OK ||
        (status = meta_text(store, "boot_id", past->boot_id, BOOT_ID_BYTES, err)) != JM_OK ||
        (status = jmh_meta_int(store, "run", &run, err)) != JM_OK ||
        (status = jmh_meta_int(store, "next_seq", &next_seq, err)) != JM_OK ||
        (status = jmh_meta_int(store, "clean", &is_clean, err)) != JM_OK ||
        (status = jmh_meta_int(store, "full", &was_full, err)) != JM_OK ||
        (status = jmh_store_exec(store, NULL, "SELECT max(seq) FROM junmai_events", NULL, 0,
                                 take_int, &last_event, NULL, err)) != JM_OK) {
        return status;
    }
    past->has_epoch = strlen(life->epoch) == JMH_EPOCH_BYTES - 1;
    past->is_clean = is_clean != 0;
    past->was_full = was_full != 0;
    life->run = (uint32_t)run;
    life->next_seq = (uint64_t)(next_seq > last_event ? next_seq : last_event + 1);
    return JM_OK;
}

static void read_boot_id(char *out, size_t cap)
{
    out[0] = '\0';
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (file == NULL) {
        return;
    }
    if (fgets(out, (int)cap, file) != NULL) {
        out[strcspn(out, "\n")] = '\0';
    }
    (void)fclose(file);
}

static jm_status make_epoch(char *epoch_out, struct jmh_err *err)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const unsigned kinds = sizeof alphabet - 1;
    size_t len = 0;
    while (len < JMH_EPOCH_BYTES - 1) {
        unsigned char byte;
        if (getrandom(&byte, 1, 0) != 1) {
            return jmh_err_set(err, JM_EIO, "The kernel gives no random bytes for an epoch");
        }
        /* The highest bytes would make some characters likelier than others. */
        if (byte < 256 / kinds * kinds) {
            epoch_out[len++] = alphabet[byte % kinds];
        }
    }
    epoch_out[len] = '\0';
    return JM_OK;
}

/* Why a new epoch must begin, or NULL. */
static const char *reason_for_epoch(const struct past *past, const char *boot_id)
{
    if (!past->has_epoch) {
        return "the data directory is new or restored";
    }
    const bool same_boot = boot_id[0] != '\0' && strcmp(past->boot_id, boot_id) == 0;
    if (!past->is_clean && !same_boot && !past->was_full) {
        return "the machine went down while the last run was writing, and may have lost its end";
    }
    return NULL;
}

jm_status jmh_life_begin(struct jmh_store *store, const char *boot_id, struct jmh_err *err)
{
    struct jmh_life *life = &store->life;
    struct past past = {0};
    char current[BOOT_ID_BYTES];
    if (boot_id == NULL) {
        read_boot_id(current, sizeof current);
        boot_id = current;
    }
    jm_status status = read_past(store, &past, err);
    if (status != JM_OK) {
        return status;
    }
    const char *why = reason_for_epoch(&past, boot_id);
    if (why != NULL) {
        status = make_epoch(life->epoch, err);
        jmh_trace(JM_LOG_INFO, "store", "Epoch %s begins: %s", life->epoch, why);
    }
    life->run++;
    if (status == JM_OK) {
        status = jmh_meta_put(store, "epoch", jmh_value_text(jmh_span(life->epoch)), err);
    }
    if (status == JM_OK) {
        status = jmh_meta_put(store, "run", jmh_value_int(life->run), err);
    }
    if (status == JM_OK) {
        status = jmh_meta_put(store, "boot_id", jmh_value_text(jmh_span(boot_id)), err);
    }
    if (status == JM_OK) {
        const bool is_full = store->durability == JMH_DURABILITY_FULL;
        status = jmh_meta_put(store, "full", jmh_value_int(is_full), err);
    }
    return status == JM_OK ? jmh_meta_put(store, "clean", jmh_value_int(0), err) : status;
}

jm_status jmh_life_flush(struct jmh_store *store, struct jmh_err *err)
{
    const struct jmh_life *life = &store->life;
    return life->seq_unsaved
               ? jmh_meta_put(store, "next_seq", jmh_value_int((int64_t)life->next_seq), err)
               : JM_OK;
}

jm_status jmh_life_end(struct jmh_store *store, struct jmh_err *err)
{
    return jmh_meta_put(store, "clean", jmh_value_int(1), err);
}

const char *jmh_store_epoch(const struct jmh_store *store)
{
    return store->life.epoch;
}

uint32_t jmh_store_run(const struct jmh_store *store)
{
    return store->life.run;
}

jm_status jmh_store_reserve_seq(struct jmh_store *store, uint64_t *first_out, struct jmh_err *err)
{
    struct jmh_life *life = &store->life;
    const bool is_own = !jmh_store_is_dirty(store);
    const uint64_t first = life->next_seq;
    /* Within a turn the number is written when the turn commits, so that a call that fails does not
     * take it back while others use it. */
    life->next_seq += JMH_SEQ_BLOCK;
    life->seq_unsaved = true;
    *first_out = first;
    const jm_status status = is_own ? jmh_store_commit(store, err) : JM_OK;
    if (status != JM_OK) {
        life->next_seq = first;
        life->seq_unsaved = false;
    }
    return status;
}
