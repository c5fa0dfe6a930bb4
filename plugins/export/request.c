/* The request of the renderer. */
#include "request.h"

#include "jobs.h"

#define TEXT_BYTES 2048

/* A text of the preset with its variables expanded; NULL where it is empty. */
static json_t *expanded(const struct export_run *run, const json_t *preset, const char *field)
{
    char text[TEXT_BYTES];
    const struct export_values values = export_values_of(run->photo, preset, 0);
    export_template_expand(export_preset_text(preset, field), &values, text, sizeof text);
    return text[0] == '\0' ? NULL : json_string(text);
}

static json_t *watermark(const struct export_run *run, const struct export_output *output,
                         int fds[JM_TASK_MAX_FDS], uint32_t *count)
{
    const json_t *preset = output->preset;
    int64_t size = export_preset_int(preset, "watermark_size");
    json_t *text = expanded(run, preset, "watermark_text");
    bool wanted =
        export_preset_flag(preset, "watermark_enabled") && (output->mark_fd >= 0 || text != NULL);
    if (!wanted) {
        json_decref(text);
        return NULL;
    }
    json_t *mark =
        json_pack("{s:O, s:O}", "position", json_object_get(preset, "watermark_position"),
                  "opacity", json_object_get(preset, "watermark_opacity"));
    if (size > 0)
        json_object_set_new(mark, "size", json_integer(size));
    if (output->mark_fd >= 0) {
        json_object_set_new(mark, "image_fd", json_integer((json_int_t)*count));
        fds[(*count)++] = output->mark_fd;
        json_decref(text);
    } else {
        json_object_set_new(mark, "text", text);
    }
    return mark;
}

static void set_optional(json_t *object, const char *key, json_t *value_take)
{
    if (value_take != NULL)
        json_object_set_new(object, key, value_take);
}

static json_t *output_json(const struct export_run *run, const struct export_output *output,
                           int fds[JM_TASK_MAX_FDS], uint32_t *count)
{
    static const char *const same[] = {"format",         "quality",         "chroma",
                                       "progressive",    "bit_depth",       "compression",
                                       "color_space",    "max_dimension",   "enlarge",
                                       "sharpen_amount", "metadata_policy", "resize_mode"};
    const json_t *preset = output->preset;
    json_t *json = json_pack("{s:I}", "fd", (json_int_t)*count);
    fds[(*count)++] = output->part_fd;
    for (size_t i = 0; i < JM_COUNT(same); i++)
        json_object_set(json, same[i], json_object_get(preset, same[i]));
    if (export_preset_int(preset, "max_height") > 0)
        json_object_set(json, "max_height", json_object_get(preset, "max_height"));
    if (export_preset_int(preset, "effort") >= 0)
        json_object_set(json, "effort", json_object_get(preset, "effort"));
    set_optional(json, "copyright", expanded(run, preset, "metadata_copyright"));
    set_optional(json, "contact", expanded(run, preset, "metadata_contact"));
    set_optional(json, "watermark", watermark(run, output, fds, count));
    return json;
}

/* One decode serves all: full size where one of the presets wants it, else half where one does. */
static json_t *raw_json(const struct export_run *run)
{
    bool full = false;
    bool half = false;
    const json_t *highlights = NULL;
    for (size_t i = 0; i < run->count; i++) {
        const char *size = export_preset_text(run->outputs[i]->preset, "raw_size");
        full |= strcmp(size, "full") == 0;
        half |= strcmp(size, "half") == 0;
        if (highlights == NULL)
            highlights = json_object_get(run->outputs[i]->preset, "raw_highlights");
    }
    json_t *raw = json_object();
    json_object_set_new(raw, "half_size",
                        full   ? json_false()
                        : half ? json_true()
                               : json_string("auto"));
    json_object_set_new(raw, "highlights", json_deep_copy(highlights));
    return raw;
}

jm_span export_request_make(struct export_run *run, int fds_out[JM_TASK_MAX_FDS],
                            uint32_t *count_out)
{
    json_t *outputs = json_array();
    fds_out[0] = run->source_fd;
    *count_out = 1;
    for (size_t i = 0; i < run->count; i++) {
        struct export_output *output = run->outputs[i];
        output->asked = output->state == OUTPUT_OPEN && !output->cancelled;
        if (output->asked)
            json_array_append_new(outputs, output_json(run, output, fds_out, count_out));
    }
    json_t *request = json_pack("{s:{s:i, s:O}, s:o, s:o}", "source", "fd", 0, "name",
                                json_object_get(run->photo, "file_name"), "outputs", outputs, "raw",
                                raw_json(run));
    jm_span text = jm_json_dump(request);
    json_decref(request);
    return text;
}

static void take_one(struct export_output *output, const json_t *answer)
{
    const char *error = json_string_value(json_object_get(answer, "error"));
    output->bytes = json_integer_value(json_object_get(answer, "bytes"));
    output->width = json_integer_value(json_object_get(answer, "width"));
    output->height = json_integer_value(json_object_get(answer, "height"));
    output->warnings = json_incref(json_object_get(answer, "warnings"));
    if (error != NULL)
        export_output_fail(output, false, "%.500s", error);
}

void export_request_answer(struct export_run *run, jm_span text)
{
    json_t *answer = json_loadb(text.ptr, text.len, 0, NULL);
    const json_t *list = json_object_get(answer, "outputs");
    size_t at = 0;
    for (size_t i = 0; i < run->count; i++) {
        struct export_output *output = run->outputs[i];
        if (output->asked)
            take_one(output, json_array_get(list, at++));
    }
    json_decref(answer);
}
