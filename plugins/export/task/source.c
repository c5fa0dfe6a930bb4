/* Decoders, and how much of their work is shared. Worker process only. */
#include "task/source.h"

#include "task/file.h"
#include "task/picture.h"
#include "task/raw.h"
#include "task/region.h"
#include "task/resize.h"

/* What a decoder is trusted with. */
#define SIDE_MAX 65500
#define PIXELS_MAX 500000000.0

/* Room for pixels that several outputs share. */
#define SHARED_BYTES_MAX (192.0 * 1024 * 1024)

static bool check_size(struct size size, struct fault *fault)
{
    if (size.width > SIDE_MAX || size.height > SIDE_MAX ||
        (double)size.width * size.height > PIXELS_MAX) {
        fault_set(
            fault, JM_EUNSUPPORTED,
            "the photograph has %d x %d pixels; at most %d on a side and %.0f million in all are "
            "rendered",
            size.width, size.height, SIDE_MAX, PIXELS_MAX / 1e6);
        return false;
    }
    return true;
}

/* The size of the largest output that is made of pixels; {0, 0} where there is none. */
static struct size largest(const struct request *request, struct size whole)
{
    struct size most = {0, 0};
    for (size_t i = 0; i < request->output_count; i++) {
        const struct output *output = &request->outputs[i];
        struct size size = size_of_output(output, whole);
        if (output->format != FORMAT_DNG && size.width > most.width) {
            most = size;
        }
    }
    return most;
}

static bool needs_pixels(const struct request *request)
{
    return largest(request, (struct size){1, 1}).width > 0;
}

static struct size needed_of_raw(void *user, struct size whole)
{
    return largest(user, whole);
}

static void open_raw(struct source *source, const struct request *request,
                     struct progress *progress, struct fault *fault)
{
    const struct raw_settings settings = {request->half, request->highlights, needed_of_raw,
                                          (void *)request, progress->run};
    source->orientation = 1; /* LibRaw turns the pixels */
    if (!needs_pixels(request)) {
        raw_measure(source->file, &source->whole);
        return;
    }
    VipsImage *pixels = raw_open(source->file, &settings, &source->whole, fault);
    if (pixels != NULL && check_size(source->whole, fault)) {
        source->pixels = colour_prepare(pixels, source->profile, source->warnings, fault);
        g_strlcpy(source->profile, "of the camera", sizeof source->profile);
    }
    g_clear_object(&pixels);
}

/* The head of the file. */
static void measure(struct source *source, struct fault *fault)
{
    VipsImage *head = picture_open(source->file, source->kind, 1, fault);
    if (head != NULL) {
        source->orientation = vips_image_get_orientation(head);
        source->whole = (struct size){head->Xsize, head->Ysize};
        source->whole = source_is_turned(source) ? size_turned(source->whole) : source->whole;
        check_size(source->whole, fault);
        g_object_unref(head);
    }
}

void source_init(struct source *source, const struct request *request, struct progress *progress,
                 struct fault *fault)
{
    *source = (struct source){.warnings = json_array(), .orientation = 1};
    if (!file_map(request->source_fd, &source->file, fault)) {
        return;
    }
    source->kind = kind_detect(source->file);
    if (source->kind == KIND_UNKNOWN) {
        fault_set(
            fault, JM_EUNSUPPORTED,
            "no reader knows this kind of file: its first bytes are those of no photograph that "
            "can be rendered");
    } else if (kind_is_raw(source->kind)) {
        open_raw(source, request, progress, fault);
    } else {
        measure(source, fault);
    }
}

void source_fini(struct source *source)
{
    g_clear_object(&source->pixels);
    json_decref(source->warnings);
    file_unmap(source->file);
}

/* Decode as much as `wanted` needs. */
static VipsImage *decode(struct source *source, struct size wanted, struct fault *fault)
{
    bool can_shrink = source->kind == KIND_JPEG || source->kind == KIND_WEBP;
    int shrink = can_shrink ? size_decoder_shrink(source->whole, wanted) : 1;
    VipsImage *image = picture_open(source->file, source->kind, shrink, fault);
    if (image == NULL) {
        return NULL;
    }
    json_array_clear(source->warnings);
    VipsImage *prepared = colour_prepare(image, source->profile, source->warnings, fault);
    g_object_unref(image);
    return prepared;
}

void source_share(struct source *source, const struct request *request, struct progress *progress,
                  struct fault *fault)
{
    struct size most = largest(request, source->whole);
    double bytes = (double)most.width * most.height;
    if (source->pixels != NULL || request->output_count < 2 || most.width == 0 ||
        !check_size(most, fault)) {
        return;
    }
    VipsImage *image = decode(source, most, fault);
    bytes *= image == NULL ? 0 : (double)pixel_bytes(image);
    if (image != NULL && bytes <= SHARED_BYTES_MAX) {
        VipsImage *small =
            resize(image, source_is_turned(source) ? size_turned(most) : most, fault);
        if (small != NULL) {
            progress_watch(progress, small);
            source->pixels = vips_image_copy_memory(small);
            if (source->pixels == NULL) {
                fault_set_vips(fault, JM_EINVAL, "the photograph cannot be decoded");
            }
            g_object_unref(small);
        }
    }
    g_clear_object(&image);
}

VipsImage *source_image(struct source *source, struct size wanted, struct fault *fault)
{
    if (source->pixels != NULL) {
        g_object_ref(source->pixels);
        return source->pixels;
    }
    return decode(source, wanted, fault);
}
