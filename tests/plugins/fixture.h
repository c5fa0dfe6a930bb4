/* The shortest plugin there is, for fixtures that break one rule each.
 *
 * A fixture includes this file and ends with FIXTURE_PLUGIN(init, activate) or, where the entry itself
 * is what it breaks, with an entry of its own. JM_MANIFEST_TEXT comes from its generated header. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <junmai/junmai.h>
#include <string.h>

/* The host of the one instance. */
static const jm_host *fixture_host;

static inline const void *fixture_table(const char *id)
{
    return fixture_host->get_extension(fixture_host, id);
}

static inline jm_span fixture_span(const char *text)
{
    return (jm_span){text, strlen(text)};
}

static inline jm_status fixture_fail(jm_status status, const char *sentence)
{
    const jm_host_error *error = fixture_table(JM_EXT_ERROR);
    return error->set(fixture_host, status, fixture_span(sentence));
}

static inline jm_status fixture_ok(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static inline void fixture_destroy(const jm_plugin *plugin)
{
    (void)plugin;
}

/* create() of an instance with these two functions. */
#define FIXTURE_CREATE(init_fn, activate_fn)                            \
    static const jm_plugin *fixture_create(const jm_host *host)         \
    {                                                                   \
        static const jm_plugin instance = {.size = sizeof(jm_plugin),   \
                                           .init = init_fn,             \
                                           .activate = activate_fn,     \
                                           .drain = fixture_ok,         \
                                           .destroy = fixture_destroy}; \
        fixture_host = host;                                            \
        return &instance;                                               \
    }

#define FIXTURE_ENTRY(magic_number, size_bytes, major)       \
    JM_EXPORT extern const jm_entry JM_ENTRY;                \
    const jm_entry JM_ENTRY = {.magic = magic_number,        \
                               .size = size_bytes,           \
                               .abi_major = major,           \
                               .abi_minor = JM_ABI_MINOR,    \
                               .manifest = JM_MANIFEST_TEXT, \
                               .create = fixture_create}

#define FIXTURE_PLUGIN(init_fn, activate_fn) \
    FIXTURE_CREATE(init_fn, activate_fn)     \
    FIXTURE_ENTRY(JM_ABI_MAGIC, sizeof(jm_entry), JM_ABI_MAJOR)

#endif
