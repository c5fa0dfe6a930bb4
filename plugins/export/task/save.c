/* libvips' savers. Worker process only. */
#include "task/save.h"

#include "task/file.h"
#include "task/jpeg_segments.h"
#include "task/jxl_boxes.h"
#include "task/tiff_tags.h"

#include <sys/mman.h>
#include <unistd.h>

#define EXIF_HEAD "Exif\0\0"
#define EXIF_HEAD_BYTES 6

/* `low` and `high` of "effort", what it is by default, and the longest side that fits. */
static const struct {
    int low, high, effort, edge_max;
} limits[] = {
    [FORMAT_JPEG] = {0, 0, 0, 65500}, [FORMAT_PNG] = {0, 9, 6, 65535},
    [FORMAT_TIFF] = {0, 0, 0, 65535}, [FORMAT_WEBP] = {0, 6, 4, 16383},
    [FORMAT_AVIF] = {0, 6, 1, 16384}, [FORMAT_JXL] = {3, 9, 3, 65535},
    [FORMAT_DNG] = {0, 0, 0, 65535},
};

static int effort_of(const struct output *output)
{
    int effort = output->effort < 0 ? limits[output->format].effort : output->effort;
    return CLAMP(effort, limits[output->format].low, limits[output->format].high);
}

void save_check_size(enum format format, struct size size, struct fault *fault)
{
    int edge_max = limits[format].edge_max;
    if (size.width > edge_max || size.height > edge_max) {
        fault_set(fault, JM_EUNSUPPORTED,
                  "a picture of %d x %d pixels does not fit into %s, whose sides have at most %d",
                  size.width, size.height, format_name(format), edge_max);
    }
}

static VipsForeignSubsample subsampling(const struct output *output)
{
    switch (output->chroma) {
    case CHROMA_420:
        return VIPS_FOREIGN_SUBSAMPLE_ON;
    case CHROMA_444:
        return VIPS_FOREIGN_SUBSAMPLE_OFF;
    default:
        return VIPS_FOREIGN_SUBSAMPLE_AUTO;
    }
}

static int write_tiff(VipsImage *image, VipsTarget *target, const struct output *output)
{
    static const VipsForeignTiffCompression packings[] = {
        [PACKING_NONE] = VIPS_FOREIGN_TIFF_COMPRESSION_NONE,
        [PACKING_LZW] = VIPS_FOREIGN_TIFF_COMPRESSION_LZW,
        [PACKING_DEFLATE] = VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE,
    };
    return vips_tiffsave_target(image, target, "compression", packings[output->packing],
                                "predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, NULL);
}

static int write_jpeg(VipsImage *image, const struct output *output,
                      const struct metadata *metadata)
{
    struct jpeg_segments segments = {.fd = output->fd, .metadata = metadata};
    const void *profile = NULL;
    size_t len = 0;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0 &&
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &len) != 0) {
        return -1;
    }
    segments.profile = (struct bytes){profile, len};
    VipsTarget *target = jpeg_segments_target(&segments);
    int status =
        vips_jpegsave_target(image, target, "Q", output->quality, "interlace", output->progressive,
                             "subsample_mode", subsampling(output), "strip", TRUE, NULL);
    g_object_unref(target);
    return status;
}

static int write_jxl(VipsImage *image, const struct output *output, const struct metadata *metadata)
{
    void *code = NULL;
    size_t len = 0;
    if (vips_jxlsave_buffer(image, &code, &len, "Q", output->quality, "effort", effort_of(output),
                            NULL) != 0) {
        return -1;
    }
    bool written = jxl_boxes_write(output->fd, (struct bytes){code, len}, metadata);
    g_free(code);
    if (!written) {
        vips_error_system(errno, "jxl", "write error");
    }
    return written ? 0 : -1;
}

static int write_pixels(VipsImage *image, VipsTarget *target, const struct output *output,
                        const struct metadata *metadata)
{
    switch (output->format) {
    case FORMAT_JPEG:
        return write_jpeg(image, output, metadata);
    case FORMAT_PNG:
        return vips_pngsave_target(image, target, "compression", effort_of(output), "interlace",
                                   output->progressive, NULL);
    case FORMAT_TIFF:
        return write_tiff(image, target, output);
    case FORMAT_WEBP:
        return vips_webpsave_target(image, target, "Q", output->quality, "effort",
                                    effort_of(output), NULL);
    case FORMAT_AVIF:
        return vips_heifsave_target(image, target, "Q", output->quality, "effort",
                                    effort_of(output), "compression",
                                    VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "bitdepth", 8,
                                    "subsample_mode", subsampling(output), NULL);
    case FORMAT_JXL:
        return write_jxl(image, output, metadata);
    default:
        vips_error("save", "the format is never written");
        return -1;
    }
}

static void set_blob(VipsImage *image, const char *field, GBytes *blob)
{
    gsize len = 0;
    const void *ptr = blob == NULL ? NULL : g_bytes_get_data(blob, &len);
    if (ptr != NULL) {
        vips_image_set_blob_copy(image, field, ptr, len);
    }
}

static void set_exif(VipsImage *image, GBytes *exif)
{
    gsize len = 0;
    const char *ptr = exif == NULL ? NULL : g_bytes_get_data(exif, &len);
    if (ptr != NULL) {
        char *block = g_malloc(EXIF_HEAD_BYTES + len);
        memcpy(block, EXIF_HEAD, EXIF_HEAD_BYTES);
        memcpy(block + EXIF_HEAD_BYTES, ptr, len);
        vips_image_set_blob(image, VIPS_META_EXIF_NAME, (VipsCallbackFn)vips_area_free_cb, block,
                            EXIF_HEAD_BYTES + len);
    }
}

/* What libvips read from the photograph goes, but for the profile of the pixels. */
static void replace_metadata(VipsImage *image, const struct metadata *metadata, enum format format)
{
    gchar **fields = vips_image_get_fields(image);
    for (gchar **field = fields; field != NULL && *field != NULL; field++) {
        if (strcmp(*field, VIPS_META_ICC_NAME) != 0 && strcmp(*field, VIPS_META_SEQUENTIAL) != 0) {
            vips_image_remove(image, *field);
        }
    }
    g_strfreev(fields);
    set_blob(image, VIPS_META_XMP_NAME, metadata->xmp);
    if (format != FORMAT_TIFF) {
        set_exif(image, metadata->exif);
    }
}

static void warn_if(bool is_so, json_t *warnings, const char *sentence)
{
    if (is_so) {
        json_array_append_new(warnings, json_string(sentence));
    }
}

static void warn_of_losses(const struct output *output, const struct metadata *metadata,
                           json_t *warnings)
{
    bool has_iptc = output->format == FORMAT_JPEG || output->format == FORMAT_TIFF;
    bool is_deep = output->format == FORMAT_PNG || output->format == FORMAT_TIFF;
    warn_if(
        !has_iptc && metadata->iptc != NULL, warnings,
        "this format has no IPTC data; what they say is in XMP where the photograph had it there");
    warn_if(!is_deep && output->bit_depth == 16, warnings, "this format has 8 bits here, not 16");
    warn_if(output->effort > limits[output->format].high && limits[output->format].high > 0,
            warnings, "the effort was lowered to the highest that is allowed for this format");
}

/* Pixels are decoded while they are written, so it may be either that fails. */
static void tell_failure(struct fault *fault)
{
    const char *words = vips_error_buffer();
    bool is_write = strstr(words, "write error") != NULL || strstr(words, "No space") != NULL;
    if (is_write) {
        fault_set_vips(fault, JM_EIO, "the output cannot be written");
    } else {
        fault_set_vips(fault, JM_EINVAL, "the photograph cannot be rendered");
    }
}

void save_picture(VipsImage *image, const struct output *output, const struct metadata *metadata,
                  json_t *warnings, struct fault *fault)
{
    VipsImage *own = NULL;
    if (!file_restart(output->fd, fault)) {
        return;
    }
    VipsTarget *target = vips_target_new_to_descriptor(output->fd);
    if (target == NULL || vips_copy(image, &own, NULL) != 0) {
        fault_set_vips(fault, JM_EIO, "the output cannot be written");
        g_clear_object(&target);
        return;
    }
    replace_metadata(own, metadata, output->format);
    if (write_pixels(own, target, output, metadata) != 0) {
        tell_failure(fault);
    } else if (output->format == FORMAT_TIFF && !tiff_tags_append(output->fd, metadata)) {
        fault_set(fault, JM_EIO, "the output cannot be written: %s", strerror(errno));
    }
    warn_of_losses(output, metadata, warnings);
    g_object_unref(target);
    g_object_unref(own);
}

bool save_is_possible(enum format format)
{
    static const struct metadata none = {0};
    struct fault fault = {0};
    json_t *warnings = json_array();
    VipsImage *black = NULL;
    VipsImage *pixels = NULL;
    int fd = memfd_create("format", MFD_CLOEXEC);
    const struct output output = {.fd = fd, .format = format, .quality = 50, .effort = 3};
    if (fd >= 0 && vips_black(&black, 16, 16, "bands", 3, NULL) == 0 &&
        vips_copy(black, &pixels, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) == 0) {
        save_picture(pixels, &output, &none, warnings, &fault);
    }
    bool possible = pixels != NULL && fault.status == JM_OK && file_bytes(fd) > 0;
    g_clear_object(&pixels);
    g_clear_object(&black);
    json_decref(warnings);
    if (fd >= 0) {
        close(fd);
    }
    vips_error_clear();
    return possible;
}
