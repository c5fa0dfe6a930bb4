/* JSON to structs. Worker process only. */
#include "task/request.h"

#include <string.h>

#define EDGE_MAX 65535
#define TEXT_BYTES_MAX 4096
#define KEYWORDS_MAX 256

/* Where a field stands, for sentences and for the first fault. */
struct reader {
    const json_t *object;
    const char *of; /* "output 2" */
    struct fault *fault;
};

static const char *const format_names[] = {"JPEG", "PNG", "TIFF", "WEBP",
                                           "AVIF", "JXL", "DNG",  NULL};
static const char *const chroma_names[] = {"auto", "420", "444", NULL};
static const char *const packing_names[] = {"none", "lzw", "deflate", NULL};
static const char *const space_names[] = {"sRGB", "AdobeRGB", "ProPhotoRGB", "DisplayP3", NULL};
static const char *const resize_names[] = {"long_edge", "short_edge", "width",
                                           "height",    "fit",        NULL};
static const char *const policy_names[] = {"all", "copyright", "none", "no_gps", NULL};
static const char *const highlight_names[] = {"clip", "blend", "rebuild", NULL};

const char *format_name(enum format format)
{
    return format_names[format];
}

static const json_t *field(const struct reader *reader, const char *name)
{
    const json_t *value = json_object_get(reader->object, name);
    return json_is_null(value) ? NULL : value;
}

static double read_number(const struct reader *reader, const char *name, double low, double high,
                          double absent)
{
    const json_t *value = field(reader, name);
    if (value == NULL) {
        return absent;
    }
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= low && number <= high)) {
        fault_set(reader->fault, JM_EINVAL, "%s: \"%s\" must be a number from %g to %g", reader->of,
                  name, low, high);
        return absent;
    }
    return number;
}

static int read_int(const struct reader *reader, const char *name, int low, int high, int absent)
{
    return (int)read_number(reader, name, low, high, absent);
}

static bool read_bool(const struct reader *reader, const char *name)
{
    const json_t *value = field(reader, name);
    if (value != NULL && !json_is_boolean(value)) {
        fault_set(reader->fault, JM_EINVAL, "%s: \"%s\" must be true or false", reader->of, name);
    }
    return json_is_true(value);
}

static const char *read_text(const struct reader *reader, const char *name)
{
    const json_t *value = field(reader, name);
    if (value != NULL && (!json_is_string(value) || json_string_length(value) > TEXT_BYTES_MAX)) {
        fault_set(reader->fault, JM_EINVAL, "%s: \"%s\" must be a text of at most %d bytes",
                  reader->of, name, TEXT_BYTES_MAX);
        return NULL;
    }
    return json_string_length(value) > 0 ? json_string_value(value) : NULL;
}

/* The place of a word in a list that ends with NULL. */
static int read_word(const struct reader *reader, const char *name, const char *const words[],
                     int absent)
{
    const char *word = read_text(reader, name);
    if (word == NULL) {
        return absent;
    }
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    fault_set(reader->fault, JM_EINVAL, "%s: \"%s\" cannot be \"%.40s\"", reader->of, name, word);
    return absent;
}

static int read_fd(const struct reader *reader, const char *name, const jm_task_run *run)
{
    const json_t *value = field(reader, name);
    json_int_t index = json_integer_value(value);
    if (!json_is_integer(value) || index < 0 || index >= (json_int_t)run->fd_count) {
        fault_set(reader->fault, JM_EINVAL,
                  "%s: \"%s\" must be the index of a descriptor of the task", reader->of, name);
        return -1;
    }
    return run->fds[index];
}

static const json_t *read_keywords(const struct reader *reader)
{
    const json_t *keywords = field(reader, "keywords");
    bool good =
        keywords == NULL || (json_is_array(keywords) && json_array_size(keywords) <= KEYWORDS_MAX);
    for (size_t i = 0; good && i < json_array_size(keywords); i++) {
        good = json_is_string(json_array_get(keywords, i));
    }
    if (!good) {
        fault_set(reader->fault, JM_EINVAL, "%s: \"keywords\" must be at most %d texts", reader->of,
                  KEYWORDS_MAX);
        return NULL;
    }
    return keywords;
}

/* "bottom_right" → 1, 1. */
static void read_position(const struct reader *reader, struct watermark *mark)
{
    const char *word = read_text(reader, "position");
    const char *at = word == NULL ? "bottom_right" : word;
    mark->row = strncmp(at, "top", 3) == 0 ? -1 : strncmp(at, "bottom", 6) == 0 ? 1 : 0;
    const char *bar = strchr(at, '_');
    const char *column = bar == NULL ? "center" : bar + 1;
    mark->column = strcmp(column, "left") == 0 ? -1 : strcmp(column, "right") == 0 ? 1 : 0;
    bool row_good = mark->row != 0 || strncmp(at, "center", 6) == 0;
    if (!row_good || (mark->column == 0 && strcmp(column, "center") != 0)) {
        fault_set(reader->fault, JM_EINVAL,
                  "%s: \"position\" must be one of top, center, bottom, each alone or with _left, "
                  "_center, _right",
                  reader->of);
    }
}

static void read_watermark(const struct reader *of_output, const jm_task_run *run,
                           struct watermark *mark)
{
    const json_t *object = field(of_output, "watermark");
    const struct reader reader = {object, "watermark", of_output->fault};
    mark->image_fd = -1;
    if (object == NULL) {
        return;
    }
    mark->text = read_text(&reader, "text");
    if (field(&reader, "image_fd") != NULL) {
        mark->image_fd = read_fd(&reader, "image_fd", run);
        mark->text = NULL;
    }
    mark->wanted = mark->text != NULL || mark->image_fd >= 0;
    mark->opacity = read_number(&reader, "opacity", 0, 100, 60);
    mark->size = read_number(&reader, "size", 0.5, 100, mark->text != NULL ? 4 : 15);
    read_position(&reader, mark);
}

static void read_output(const json_t *object, size_t number, const jm_task_run *run,
                        struct output *output, struct fault *fault)
{
    char of[32];
    snprintf(of, sizeof of, "output %zu", number);
    const struct reader reader = {object, of, fault};
    if (field(&reader, "format") == NULL) {
        fault_set(fault, JM_EINVAL, "%s has no \"format\"", of);
    }
    output->fd = read_fd(&reader, "fd", run);
    output->format = (enum format)read_word(&reader, "format", format_names, FORMAT_JPEG);
    output->quality = read_int(&reader, "quality", 1, 100, 90);
    output->chroma = (enum chroma)read_word(&reader, "chroma", chroma_names, CHROMA_AUTO);
    output->progressive = read_bool(&reader, "progressive");
    output->bit_depth = read_int(&reader, "bit_depth", 8, 16, 8);
    output->packing = (enum packing)read_word(&reader, "compression", packing_names, PACKING_LZW);
    output->effort = read_int(&reader, "effort", 0, 10, -1);
    output->space = (enum space)read_word(&reader, "color_space", space_names, SPACE_SRGB);
    output->resize = (enum resize)read_word(&reader, "resize_mode", resize_names, RESIZE_LONG);
    output->max_dimension = read_int(&reader, "max_dimension", 0, EDGE_MAX, 0);
    output->max_height = read_int(&reader, "max_height", 0, EDGE_MAX, 0);
    output->enlarge = read_bool(&reader, "enlarge");
    output->sharpen = read_int(&reader, "sharpen_amount", 0, 100, 0);
    output->policy = (enum policy)read_word(&reader, "metadata_policy", policy_names, POLICY_ALL);
    output->copyright = read_text(&reader, "copyright");
    output->contact = read_text(&reader, "contact");
    output->keywords = read_keywords(&reader);
    read_watermark(&reader, run, &output->watermark);
}

static void read_raw(const json_t *object, struct request *request, struct fault *fault)
{
    const struct reader reader = {object, "raw", fault};
    const json_t *half = field(&reader, "half_size");
    request->half = json_is_true(half) ? HALF_YES : json_is_false(half) ? HALF_NO : HALF_AUTO;
    request->highlights =
        (enum highlights)read_word(&reader, "highlights", highlight_names, HIGHLIGHTS_CLIP);
}

void request_init(struct request *request, const jm_task_run *run, struct fault *fault)
{
    *request = (struct request){0};
    request->json = json_loadb(run->request.ptr, run->request.len, 0, NULL);
    const json_t *outputs = json_object_get(request->json, "outputs");
    const struct reader source = {json_object_get(request->json, "source"), "source", fault};
    size_t count = json_array_size(outputs);
    if (count == 0 || count > RENDER_OUTPUTS_MAX) {
        fault_set(fault, JM_EINVAL, "the task needs \"source\" and 1 to %d \"outputs\"",
                  RENDER_OUTPUTS_MAX);
        return;
    }
    request->source_fd = read_fd(&source, "fd", run);
    for (; request->output_count < count; request->output_count++) {
        size_t i = request->output_count;
        read_output(json_array_get(outputs, i), i + 1, run, &request->outputs[i], fault);
    }
    read_raw(json_object_get(request->json, "raw"), request, fault);
}

void request_fini(struct request *request)
{
    json_decref(request->json);
    request->json = NULL;
}
