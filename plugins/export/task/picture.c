/* libvips: what it may read and write, and how it is told to read. Worker process only. */
#include "task/picture.h"

#include "task/file.h"

#define LOADER(name) "VipsForeignLoad" name
#define SAVER(name) "VipsForeignSave" name
#define MARK_EDGE_MAX 16384

/* Beside these, libvips reads and writes formats that no photograph comes in. */
static const char *const allowed[] = {
    LOADER("Jpeg"), LOADER("Png"), LOADER("Webp"), LOADER("Tiff"), LOADER("Heif"),
    LOADER("Jxl"),  SAVER("Jpeg"), SAVER("Png"),   SAVER("Spng"),  SAVER("Webp"),
    SAVER("Tiff"),  SAVER("Heif"), SAVER("Jxl"),
};

static void ignore_log(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer user)
{
    (void)domain;
    (void)level;
    (void)text;
    (void)user;
}

jm_status picture_setup(void)
{
    /* Damaged files make libraries talk; what matters comes back as an error. */
    g_log_set_default_handler(ignore_log, NULL);
    if (VIPS_INIT("junmai-export") != 0) {
        return JM_EUNSUPPORTED;
    }
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_operation_block_set(LOADER(""), TRUE);
    vips_operation_block_set(SAVER(""), TRUE);
    vips_block_untrusted_set(TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++) {
        vips_operation_block_set(allowed[i], FALSE);
    }
    return JM_OK;
}

static VipsImage *load(VipsSource *source, enum kind kind, int shrink)
{
    VipsImage *image = NULL;
    switch (kind) {
    case KIND_JPEG:
        vips_jpegload_source(source, &image, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL,
                             "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_WEBP:
        vips_webpload_source(source, &image, "scale", 1.0 / shrink, "access",
                             VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_PNG:
        vips_pngload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                            VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_TIFF:
        vips_tiffload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                             VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_HEIF:
        vips_heifload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                             VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_JXL:
        vips_jxlload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                            VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    default:
        return NULL;
    }
}

/* libvips' HEIF reader keeps the profile in memory that goes with its own image, which others that are
 * made of it may outlive. */
static void own_profile(VipsImage *image)
{
    const void *ptr = NULL;
    size_t len = 0;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0 &&
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &ptr, &len) == 0) {
        void *copy = g_memdup2(ptr, len);
        vips_image_set_blob(image, VIPS_META_ICC_NAME, (VipsCallbackFn)vips_area_free_cb, copy,
                            len);
    }
}

VipsImage *picture_open(struct bytes file, enum kind kind, int shrink, struct fault *fault)
{
    VipsSource *source = vips_source_new_from_memory(file.ptr, file.len);
    VipsImage *image = source == NULL ? NULL : load(source, kind, shrink);
    if (image == NULL) {
        fault_set_vips(fault, JM_EINVAL, "the photograph cannot be opened");
    } else if (kind == KIND_HEIF) {
        own_profile(image);
    }
    g_clear_object(&source);
    return image;
}

/* Upright, in memory. */
static VipsImage *read_mark(struct bytes file, struct fault *fault)
{
    enum kind kind = kind_detect(file);
    VipsImage *turned = NULL;
    VipsImage *pixels = NULL;
    if (kind == KIND_UNKNOWN || kind_is_raw(kind)) {
        fault_set(fault, JM_EUNSUPPORTED, "the watermark image is no PNG, WebP, TIFF or JPEG");
        return NULL;
    }
    VipsImage *image = picture_open(file, kind, 1, fault);
    if (image == NULL) {
        return NULL;
    }
    if (image->Xsize > MARK_EDGE_MAX || image->Ysize > MARK_EDGE_MAX) {
        fault_set(fault, JM_EUNSUPPORTED,
                  "the watermark image has %d x %d pixels; at most %d x %d "
                  "can be used",
                  image->Xsize, image->Ysize, MARK_EDGE_MAX, MARK_EDGE_MAX);
    } else if ((pixels = vips_image_copy_memory(image)) == NULL ||
               vips_autorot(pixels, &turned, NULL) != 0) {
        fault_set_vips(fault, JM_EINVAL, "the watermark image cannot be read");
    }
    g_clear_object(&pixels);
    g_object_unref(image);
    return turned;
}

VipsImage *picture_open_mark(int fd, struct fault *fault)
{
    struct bytes file;
    if (!file_map(fd, &file, fault)) {
        return NULL;
    }
    VipsImage *image = read_mark(file, fault);
    file_unmap(file);
    return image;
}
