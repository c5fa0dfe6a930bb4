/* Previews and pixels by LibRaw. Worker process only. */
#include "task/raw.h"

#include "task/embedded.h"

#include <libraw/libraw.h>

/* Noise alone differs by more than this from pixel to pixel. */
#define BLANK_DEVIATION 0.5

/* Of the OpenMP library that LibRaw uses; its header belongs to one compiler. */
void omp_set_num_threads(int count);

void raw_setup(void)
{
    omp_set_num_threads(1);
}

/* LibRaw's flip in EXIF's words. */
static int orientation_of(const libraw_data_t *raw)
{
    switch (raw->sizes.flip) {
    case 3:
        return 3;
    case 5:
        return 8;
    case 6:
        return 6;
    default:
        return 1;
    }
}

static VipsImage *open_bitmap(const libraw_thumbnail_t *thumbnail,
                              const struct picture_hints *hints, int edge, struct fault *fault)
{
    size_t pixels = (size_t)thumbnail->twidth * thumbnail->theight;
    int bands = thumbnail->tlength == pixels * 3 ? 3 : 1;
    if (pixels == 0 || thumbnail->tlength != pixels * (size_t)bands) {
        return NULL;
    }
    VipsImage *image =
        vips_image_new_from_memory(thumbnail->thumb, thumbnail->tlength, thumbnail->twidth,
                                   thumbnail->theight, bands, VIPS_FORMAT_UCHAR);
    VipsImage *small = NULL;
    if (image != NULL) {
        image->Type = bands == 3 ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_B_W;
        small = picture_shrink(image, hints, edge, fault);
        g_object_unref(image);
    }
    return small;
}

/* The preview that LibRaw finds. */
static VipsImage *open_thumbnail(libraw_data_t *raw, const struct picture_hints *hints, int edge)
{
    struct fault ignored = {0};
    const libraw_thumbnail_t *thumbnail = &raw->thumbnail;
    if (libraw_unpack_thumb(raw) != LIBRAW_SUCCESS || thumbnail->thumb == NULL) {
        return NULL;
    }
    if (thumbnail->tformat == LIBRAW_THUMBNAIL_BITMAP) {
        return open_bitmap(thumbnail, hints, edge, &ignored);
    }
    if (thumbnail->tformat != LIBRAW_THUMBNAIL_JPEG) {
        return NULL;
    }
    VipsSource *source = vips_source_new_from_memory(thumbnail->thumb, thumbnail->tlength);
    VipsImage *small =
        source == NULL ? NULL : picture_open(source, KIND_JPEG, hints, edge, &ignored);
    g_clear_object(&source);
    return small;
}

static void note_damage(void *user, const char *file, const int offset)
{
    bool *damaged = user;
    (void)file;
    (void)offset;
    *damaged = true;
}

static bool is_blank(VipsImage *image)
{
    double deviation = 0;
    return vips_deviate(image, &deviation, NULL) != 0 || deviation < BLANK_DEVIATION;
}

/* LibRaw has turned the pixels and brought them to sRGB. */
static VipsImage *shrink_processed(const libraw_processed_image_t *processed, int edge,
                                   struct fault *fault)
{
    static const struct picture_hints upright = {0};
    if (processed->type != LIBRAW_IMAGE_BITMAP || processed->bits != 8 || processed->colors != 3) {
        fault_set(fault, JM_EUNSUPPORTED, "the raw data have colours of a kind that is not known");
        return NULL;
    }
    VipsImage *image =
        vips_image_new_from_memory(processed->data, processed->data_size, processed->width,
                                   processed->height, 3, VIPS_FORMAT_UCHAR);
    if (image == NULL) {
        fault_set_vips(fault, "the raw data cannot be read");
        return NULL;
    }
    image->Type = VIPS_INTERPRETATION_sRGB;
    VipsImage *small = picture_shrink(image, &upright, edge, fault);
    g_object_unref(image);
    /* LibRaw also makes a picture of a file from which the raw data were cut away. */
    if (small != NULL && is_blank(small)) {
        fault_set(fault, JM_EINVAL, "the file's raw data are missing");
        g_clear_object(&small);
    }
    return small;
}

/* Of old cameras LibRaw knows no colours: the matrix that it then takes for any of a maker's makes
 * them garish, so that those of the sensor are nearer to the truth. */
static bool knows_colours(const libraw_data_t *raw)
{
    return raw->color.cam_xyz[0][0] != 0 || raw->color.cmatrix[0][0] != 0 || raw->idata.colors != 3;
}

static VipsImage *decode(libraw_data_t *raw, int edge, struct fault *fault)
{
    bool damaged = false;
    int longest = raw->sizes.width > raw->sizes.height ? raw->sizes.width : raw->sizes.height;
    libraw_set_dataerror_handler(raw, note_damage, &damaged);
    raw->params.half_size = longest / 2 >= edge;
    raw->params.use_camera_wb = 1;
    raw->params.output_color = knows_colours(raw) ? 1 : 0; /* sRGB; as they are */
    raw->params.output_bps = 8;
    raw->params.user_qual = 0; /* bilinear: what is lost is gone once it is small */
    int error = libraw_unpack(raw);
    if (error == LIBRAW_SUCCESS && !damaged) {
        error = libraw_dcraw_process(raw);
    }
    if (error != LIBRAW_SUCCESS || damaged) {
        fault_set(fault, error == LIBRAW_UNSUFFICIENT_MEMORY ? JM_ENOMEM : JM_EINVAL,
                  "the raw data cannot be decoded: %s",
                  damaged ? "they are damaged or cut short" : libraw_strerror(error));
        return NULL;
    }
    libraw_processed_image_t *processed = libraw_dcraw_make_mem_image(raw, &error);
    VipsImage *small = NULL;
    if (processed == NULL) {
        fault_set(fault, JM_ENOMEM, "the raw data cannot be decoded: %s", libraw_strerror(error));
    } else {
        small = shrink_processed(processed, edge, fault);
    }
    libraw_dcraw_clear_mem(processed);
    return small;
}

/* Keep the larger of two, either of which may be NULL. Takes both. */
static VipsImage *larger(VipsImage *a, VipsImage *b)
{
    bool keep_a = b == NULL || (a != NULL && picture_edge(a) >= picture_edge(b));
    VipsImage *dropped = keep_a ? b : a;
    g_clear_object(&dropped);
    return keep_a ? a : b;
}

static bool is_enough(VipsImage *image, int edge)
{
    return image != NULL && picture_edge(image) >= edge;
}

VipsImage *raw_open(struct bytes file, int edge, bool *decoded_out, struct fault *fault)
{
    struct picture_hints hints;
    VipsImage *best = NULL;
    VipsImage *pixels = NULL;
    libraw_data_t *raw = libraw_init(0);
    *decoded_out = false;
    if (raw == NULL) {
        fault_set(fault, JM_ENOMEM, "out of memory for LibRaw");
        return NULL;
    }
    bool known = libraw_open_buffer(raw, (void *)file.ptr, file.len) == LIBRAW_SUCCESS;
    if (known) {
        hints = (struct picture_hints){.orientation = orientation_of(raw)};
        best = open_thumbnail(raw, &hints, edge);
    }
    if (!is_enough(best, edge)) {
        best = larger(best, embedded_open(file, edge, &hints));
    }
    if (known && !is_enough(best, edge)) {
        pixels = decode(raw, edge, fault);
        *decoded_out =
            pixels != NULL && (best == NULL || picture_edge(pixels) > picture_edge(best));
        best = larger(best, pixels);
    }
    if (best == NULL) {
        fault_set(fault, JM_EUNSUPPORTED,
                  "this raw file has no preview, and its camera's format cannot be decoded");
    }
    libraw_close(raw);
    return best;
}
