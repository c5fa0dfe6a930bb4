/* Formats: their names, and the question. */
#include "formats.h"

#include "core.h"

const char *const export_format_names[EXPORT_FORMAT_COUNT] = {"JPEG", "PNG", "TIFF", "WEBP",
                                                              "AVIF", "JXL", "DNG"};
static const char *const extensions[EXPORT_FORMAT_COUNT] = {".jpg",  ".png", ".tif", ".webp",
                                                            ".avif", ".jxl", ".dng"};

static int index_of(const char *format)
{
    for (int i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        if (strcmp(export_format_names[i], format) == 0)
            return i;
    }
    return -1;
}

const char *export_format_extension(const char *format)
{
    int i = index_of(format);
    return i < 0 ? "" : extensions[i];
}

bool export_format_is_present(const struct export_formats *formats, const char *format)
{
    int i = index_of(format);
    return i >= 0 && (!formats->known || formats->present[i]);
}

static jm_status on_answer(void *user, jm_id task, jm_status status, jm_span text)
{
    struct export_core *core = user;
    (void)task;
    core->formats.asked = false;
    if (status < 0) {
        export_log(core, JM_LOG_WARNING, "which formats can be written is not known: %.*s",
                   JM_SPAN_ARGS(text));
        return JM_OK;
    }
    json_t *answer = json_loadb(text.ptr, text.len, 0, NULL);
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(answer, "formats"), i, name)
    {
        int at = json_is_string(name) ? index_of(json_string_value(name)) : -1;
        if (at >= 0)
            core->formats.present[at] = true;
    }
    core->formats.known = true;
    json_decref(answer);
    return JM_OK;
}

void export_formats_ask(struct export_core *core)
{
    const jm_task task = {
        .size = sizeof task,
        .priority = JM_TASK_URGENT,
        .name = "formats",
        .label = "which formats can be written",
        .request = JM_SPAN("{}"),
        .done = on_answer,
        .user = core,
    };
    jm_id id;
    if (core->formats.known || core->formats.asked)
        return;
    core->formats.asked = core->api.task->run(core->api.host, &task, &id) == JM_OK;
    if (!core->formats.asked)
        export_log(core, JM_LOG_WARNING, "which formats can be written is not known: %.*s",
                   JM_SPAN_ARGS(core->api.error->last(core->api.host)));
}
