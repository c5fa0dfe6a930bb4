/* The statuses of sessions and photographs: what is one, and what it means. */
#include "status.h"

static bool is_listed(const char *list, jm_span word)
{
    while (*list != '\0') {
        size_t length = strcspn(list, ",");
        if (jm_span_equal((jm_span){list, length}, word))
            return true;
        list += length;
        list += strspn(list, ", ");
    }
    return false;
}

jm_status catalog_status_check(const struct catalog *catalog, jm_span status, const char *allowed)
{
    if (is_listed(allowed, status))
        return JM_OK;
    return catalog_fail(catalog, JM_EINVAL, "status must be one of %s; it is \"%.*s\"", allowed,
                        JM_SPAN_ARGS(jm_span_cut(status, 64)));
}

bool catalog_status_is_processed(jm_span status)
{
    return is_listed("completed, failed, rejected", status);
}

bool catalog_status_is_done(jm_span status)
{
    return is_listed("completed, rejected", status);
}
