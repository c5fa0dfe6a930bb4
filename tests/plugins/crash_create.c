/* create() calls the host, which it must not, and crashes on what it gets. */
#include "crash_create_manifest.h"
#include "fixture.h"

static const jm_plugin *create(const jm_host *host)
{
    const jm_host_log *log = host->get_extension(host, JM_EXT_LOG);
    log->write(host, JM_LOG_INFO, fixture_span("too early"));
    return NULL;
}

JM_EXPORT extern const jm_entry JM_ENTRY;
const jm_entry JM_ENTRY = {.magic = JM_ABI_MAGIC,
                           .size = sizeof(jm_entry),
                           .abi_major = JM_ABI_MAJOR,
                           .abi_minor = JM_ABI_MINOR,
                           .manifest = JM_MANIFEST_TEXT,
                           .create = create};
