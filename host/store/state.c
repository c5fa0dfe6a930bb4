/* What plugins keep over a reload or a restart: one row of bytes each. On the loop thread. */
#include "host/store/impl.h"
#include "host/util/buf.h"
#include "host/util/span.h"

#define STATE_MAX_BYTES (3u << 20)

jm_status jmh_store_save_state(struct jmh_store *store, const char *owner, int32_t version,
                               jm_span bytes, struct jmh_err *err)
{
    if (bytes.len > STATE_MAX_BYTES) {
        return jmh_err_set(
            err, JM_EINVAL,
            "The state of plugin '%s' has %zu bytes, at most %u are kept: put what is "
            "large into its tables",
            owner, bytes.len, STATE_MAX_BYTES);
    }
    const jm_value args[] = {jmh_value_text(jmh_span(owner)), jmh_value_int(version),
                             jmh_value_blob(bytes)};
    return jmh_store_exec(store, NULL,
                          "INSERT INTO junmai_states (owner, version, bytes) VALUES (?1, ?2, ?3) "
                          "ON CONFLICT (owner) DO UPDATE "
                          "SET version = excluded.version, bytes = excluded.bytes",
                          args, 3, NULL, NULL, NULL, err);
}

struct saved {
    int32_t version; /* from 1; 0: there is none */
    struct jmh_buf bytes;
};

static jm_status take_state(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    struct saved *saved = user;
    saved->version = (int32_t)columns[0].integer;
    jmh_buf_add_span(&saved->bytes, columns[1].bytes);
    return JM_OK;
}

jm_status jmh_store_load_state(struct jmh_store *store, const char *owner,
                               jm_status (*fn)(void *user, int32_t version, jm_span bytes),
                               void *user, struct jmh_err *err)
{
    struct saved saved = {0};
    const jm_value arg = jmh_value_text(jmh_span(owner));
    jm_status status =
        jmh_store_exec(store, NULL, "SELECT version, bytes FROM junmai_states WHERE owner = ?1",
                       &arg, 1, take_state, &saved, NULL, err);
    if (saved.bytes.failed) {
        status =
            jmh_err_set(err, JM_ENOMEM, "There is no memory for the state of plugin '%s'", owner);
    } else if (status == JM_OK && saved.version == 0) {
        status = jmh_err_set(err, JM_ENOENT, "There is no saved state of plugin '%s'", owner);
    } else if (status == JM_OK) {
        /* From a copy, so that `fn` may use the store. */
        const jm_span bytes = {saved.bytes.len > 0 ? saved.bytes.data : "", saved.bytes.len};
        status = fn(user, saved.version, bytes);
    }
    jmh_buf_fini(&saved.bytes);
    return status;
}
