/* LibRaw. Worker process only. */
#include "task/raw.h"

#include "task/profile.h"

#include <libraw/libraw.h>

/* Noise alone differs by more than this, of 65535, from pixel to pixel. */
#define BLANK_DEVIATION 100.0
#define OUTPUT_PROPHOTO 4
#define QUALITY_AHD 3

/* Of the OpenMP library that LibRaw uses; its header belongs to one compiler. */
void omp_set_num_threads(int count);

void raw_setup(void)
{
    omp_set_num_threads(1);
}

static void note_damage(void *user, const char *file, const int offset)
{
    bool *damaged = user;
    (void)file;
    (void)offset;
    *damaged = true;
}

static int note_progress(void *user, enum LibRaw_progress stage, int at, int expected)
{
    const jm_task_run *run = user;
    (void)stage;
    (void)at;
    (void)expected;
    return run->cancelled(run) != 0 ? 1 : 0;
}

/* What LibRaw will make of it: pixels that are not square are stretched, all are turned. */
static struct size whole_of(const libraw_data_t *raw)
{
    double aspect = raw->sizes.pixel_aspect > 0 ? raw->sizes.pixel_aspect : 1;
    struct size whole = {raw->sizes.width, raw->sizes.height};
    if (aspect < 1) {
        whole.height = (int)(whole.height / aspect + 0.5);
    } else {
        whole.width = (int)(whole.width * aspect + 0.5);
    }
    return (raw->sizes.flip & 4) != 0 ? size_turned(whole) : whole;
}

/* Sensors whose rows are diagonals become larger than they say. */
static void correct(struct size *whole, const VipsImage *decoded, bool is_half)
{
    double told = (double)whole->width / whole->height;
    double made = (double)decoded->Xsize / decoded->Ysize;
    if (!is_half || made / told > 1.02 || told / made > 1.02) {
        int factor = is_half ? 2 : 1;
        *whole = (struct size){decoded->Xsize * factor, decoded->Ysize * factor};
    }
}

static void set_params(libraw_data_t *raw, const struct raw_settings *settings, struct size whole)
{
    static const int highlight_modes[] = {
        [HIGHLIGHTS_CLIP] = 0, [HIGHLIGHTS_BLEND] = 2, [HIGHLIGHTS_REBUILD] = 5};
    libraw_output_params_t *params = &raw->params;
    struct size needed = settings->needed(settings->user, whole);
    params->half_size = settings->half == HALF_YES ||
                        (settings->half == HALF_AUTO && size_decoder_shrink(whole, needed) >= 2);
    params->use_camera_wb = 1;
    params->highlight = highlight_modes[settings->highlights];
    params->output_color = OUTPUT_PROPHOTO;
    bool is_grey = raw->idata.colors == 1; /* taken for sRGB, as all grey without a profile is */
    params->gamm[0] = is_grey ? 1 / 2.4 : 1 / 1.8;
    params->gamm[1] = is_grey ? 12.92 : 0;
    params->output_bps = 16;
    params->user_qual = QUALITY_AHD;
}

static void free_processed(VipsImage *image, void *processed)
{
    (void)image;
    libraw_dcraw_clear_mem(processed);
}

/* LibRaw also makes a picture of a file from which the raw data were cut away. */
static bool is_blank(VipsImage *image)
{
    double deviation = 0;
    return vips_deviate(image, &deviation, NULL) != 0 || deviation < BLANK_DEVIATION;
}

static VipsImage *wrap(libraw_processed_image_t *processed_take, struct fault *fault)
{
    libraw_processed_image_t *processed = processed_take;
    bool fits = processed->type == LIBRAW_IMAGE_BITMAP && processed->bits == 16 &&
                (processed->colors == 3 || processed->colors == 1);
    VipsImage *image = !fits ? NULL
                             : vips_image_new_from_memory(processed->data, processed->data_size,
                                                          processed->width, processed->height,
                                                          processed->colors, VIPS_FORMAT_USHORT);
    if (image == NULL) {
        fault_set(fault, JM_EUNSUPPORTED, "the raw data have colours of a kind that is not known");
        libraw_dcraw_clear_mem(processed);
        return NULL;
    }
    g_signal_connect(image, "postclose", G_CALLBACK(free_processed), processed);
    image->Type = processed->colors == 3 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_GREY16;
    if (processed->colors == 3) {
        struct bytes profile = profile_of(SPACE_PROPHOTO);
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile.ptr, profile.len);
    }
    if (is_blank(image)) {
        fault_set(fault, JM_EINVAL, "the file's raw data are missing");
        g_clear_object(&image);
    }
    return image;
}

static VipsImage *decode(libraw_data_t *raw, const struct raw_settings *settings, struct size whole,
                         struct fault *fault)
{
    bool damaged = false;
    libraw_set_dataerror_handler(raw, note_damage, &damaged);
    libraw_set_progress_handler(raw, note_progress, (void *)settings->run);
    set_params(raw, settings, whole);
    int error = libraw_unpack(raw);
    if (error == LIBRAW_SUCCESS && !damaged) {
        error = libraw_dcraw_process(raw);
    }
    if (error == LIBRAW_CANCELLED_BY_CALLBACK) {
        fault_set(fault, JM_ECANCELLED, "cancelled");
        return NULL;
    }
    if (error != LIBRAW_SUCCESS || damaged) {
        fault_set(fault, error == LIBRAW_UNSUFFICIENT_MEMORY ? JM_ENOMEM : JM_EINVAL,
                  "the raw data cannot be decoded: %s",
                  damaged ? "they are damaged or cut short" : libraw_strerror(error));
        return NULL;
    }
    libraw_processed_image_t *processed = libraw_dcraw_make_mem_image(raw, &error);
    if (processed == NULL) {
        fault_set(fault, JM_ENOMEM, "the raw data cannot be decoded: %s", libraw_strerror(error));
        return NULL;
    }
    return wrap(processed, fault);
}

VipsImage *raw_open(struct bytes file, const struct raw_settings *settings, struct size *whole_out,
                    struct fault *fault)
{
    VipsImage *image = NULL;
    libraw_data_t *raw = libraw_init(0);
    if (raw == NULL) {
        fault_set(fault, JM_ENOMEM, "out of memory for LibRaw");
        return NULL;
    }
    int error = libraw_open_buffer(raw, (void *)file.ptr, (size_t)file.len);
    if (error != LIBRAW_SUCCESS) {
        fault_set(
            fault, JM_EUNSUPPORTED,
            "the raw data of this file cannot be decoded here (%s): they are damaged, missing, "
            "or of a camera that LibRaw %s does not know; a remote renderer may know it",
            libraw_strerror(error), libraw_version());
    } else {
        *whole_out = whole_of(raw);
        image = decode(raw, settings, *whole_out, fault);
        if (image != NULL) {
            correct(whole_out, image, raw->params.half_size != 0);
        }
    }
    libraw_close(raw);
    return image;
}

void raw_measure(struct bytes file, struct size *whole_out)
{
    libraw_data_t *raw = libraw_init(0);
    *whole_out = (struct size){0, 0};
    if (raw != NULL &&
        libraw_open_buffer(raw, (void *)file.ptr, (size_t)file.len) == LIBRAW_SUCCESS) {
        *whole_out = whole_of(raw);
    }
    if (raw != NULL) {
        libraw_close(raw);
    }
}
