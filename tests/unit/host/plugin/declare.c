/* Short ways to declare things in a registration set. */
#include "declare.h"

static jm_status answer(void *user, const jm_request *request)
{
    (void)user, (void)request;
    return JM_OK;
}

jm_status declare_route(struct jmh_regset *set, const char *method, const char *path,
                        struct jmh_err *err)
{
    const jm_route route = {
        .size = sizeof route, .method = method, .path = path, .help = "h", .fn = answer};
    return jmh_regset_add_route(set, &route, err);
}

jm_status declare_type(struct jmh_regset *set, const char *name, const char *channel,
                       int32_t retention, const char *conflate_key, struct jmh_err *err)
{
    const jm_field field = {"id", JM_FIELD_INT, 0, "h"};
    const jm_event_type type = {.size = sizeof type,
                                .retention = retention,
                                .name = name,
                                .channel = channel,
                                .conflate_key = conflate_key,
                                .help = "h",
                                .fields = &field,
                                .field_count = 1};
    return jmh_regset_add_type(set, &type, err);
}
