/* The entry that a plugin exports: magic, size and version, in the order in which they can be
 * trusted. [any] */
#include "host/plugin/entry.h"

jm_status jmh_entry_check(const jm_entry *entry, const char *path, struct jmh_err *err)
{
    if (entry == NULL)
        return jmh_err_set(
            err, JM_EINVAL,
            "%s exports no %s: define it as const jm_entry, with JM_EXPORT before it", path,
            JM_ENTRY_NAME);
    /* The first two members are where they are in every version. */
    if (entry->magic != JM_ABI_MAGIC)
        return jmh_err_set(err, JM_EUNSUPPORTED,
                           "%s has the magic number 0x%08x, this host speaks 0x%08x (ABI %d.%d): "
                           "rebuild it with the SDK of this host",
                           path, (unsigned)entry->magic, JM_ABI_MAGIC, JM_ABI_MAJOR, JM_ABI_MINOR);
    if (entry->size != sizeof *entry)
        return jmh_err_set(err, JM_EINVAL,
                           "%s has an entry of %u bytes, this host expects %zu: set .size to "
                           "sizeof(jm_entry) and rebuild it with the SDK of this host",
                           path, (unsigned)entry->size, sizeof *entry);
    if (entry->abi_major != JM_ABI_MAJOR || entry->abi_minor > JM_ABI_MINOR)
        return jmh_err_set(err, JM_EUNSUPPORTED,
                           "%s was built for ABI %d.%d, this host speaks %d.0 to %d.%d: update the "
                           "host, or rebuild the plugin with the SDK of this host",
                           path, entry->abi_major, entry->abi_minor, JM_ABI_MAJOR, JM_ABI_MAJOR,
                           JM_ABI_MINOR);
    if (entry->manifest == NULL || entry->create == NULL)
        return jmh_err_set(err, JM_EINVAL, "%s has an entry without manifest or create()", path);
    return JM_OK;
}
