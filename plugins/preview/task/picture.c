/* Load small, turn, convert. Worker process only. */
#include "task/picture.h"

#include "task/colour.h"

#define LOADER(name) "VipsForeignLoad" name

static const char *const loaders[] = {
    LOADER("Jpeg"), LOADER("Png"), LOADER("Webp"), LOADER("Tiff"), LOADER("Heif"), LOADER("Jxl"),
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
    if (VIPS_INIT("junmai-preview") != 0) {
        return JM_EUNSUPPORTED;
    }
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_operation_block_set(LOADER(""), TRUE);
    vips_block_untrusted_set(TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(loaders); i++) {
        vips_operation_block_set(loaders[i], FALSE);
    }
    return JM_OK;
}

int picture_edge(VipsImage *image)
{
    return image->Xsize > image->Ysize ? image->Xsize : image->Ysize;
}

static VipsImage *load_jpeg(VipsSource *source, int shrink)
{
    VipsImage *image = NULL;
    vips_jpegload_source(source, &image, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL,
                         "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    return image;
}

static VipsImage *load_webp(VipsSource *source, double scale)
{
    VipsImage *image = NULL;
    vips_webpload_source(source, &image, "scale", scale, "access", VIPS_ACCESS_SEQUENTIAL,
                         "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    return image;
}

/* The picture at its own size. */
static VipsImage *load_whole(VipsSource *source, enum kind kind)
{
    VipsImage *image = NULL;
    switch (kind) {
    case KIND_JPEG:
        return load_jpeg(source, 1);
    case KIND_WEBP:
        return load_webp(source, 1.0);
    case KIND_PNG:
        vips_pngload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                            VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_TIFF:
        vips_tiffload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                             VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_HEIF:
        vips_heifload_source(source, &image, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    case KIND_JXL:
        vips_jxlload_source(source, &image, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
        return image;
    default:
        return NULL;
    }
}

/* The picture, decoded by its own format to what is not much larger than `edge`, where the format
 * can do that; opening a file the first time reads its head alone. */
static VipsImage *load_small(VipsSource *source, enum kind kind, int edge)
{
    VipsImage *image = load_whole(source, kind);
    if (image == NULL) {
        return NULL;
    }
    int factor = picture_edge(image) / edge;
    if (factor < 2 || (kind != KIND_JPEG && kind != KIND_WEBP)) {
        return image;
    }
    g_object_unref(image);
    int shrink = factor >= 8 ? 8 : factor >= 4 ? 4 : 2;
    return kind == KIND_JPEG ? load_jpeg(source, shrink) : load_webp(source, 1.0 / shrink);
}

/* A picture inside of another file may say its orientation itself. One that does not, but stands
 * upright where the file around it lies on its side, has been turned already. */
static void orient(VipsImage *image, int orientation)
{
    bool says_own = vips_image_get_typeof(image, VIPS_META_ORIENTATION) != 0;
    bool is_turned = orientation >= 5 && image->Ysize > image->Xsize;
    if (orientation != 0 && !says_own && !is_turned) {
        vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
    }
}

/* A picture without a profile is sRGB already: where libvips is told to export it all the same, it
 * goes a way on which strong colours change. */
static VipsImage *shrink_and_convert(VipsImage *image, int edge)
{
    VipsImage *small = NULL;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0) {
        vips_thumbnail_image(image, &small, edge, "height", edge, "size", VIPS_SIZE_DOWN,
                             "export_profile", "srgb", NULL);
    } else {
        vips_thumbnail_image(image, &small, edge, "height", edge, "size", VIPS_SIZE_DOWN, NULL);
    }
    return small == NULL ? NULL : colour_finish(small);
}

VipsImage *picture_shrink(VipsImage *image, const struct picture_hints *hints, int edge,
                          struct fault *fault)
{
    VipsImage *own = NULL;
    if (vips_copy(image, &own, NULL) != 0) {
        fault_set_vips(fault, "the picture cannot be read");
        return NULL;
    }
    orient(own, hints->orientation);
    if (hints->is_adobe || colour_is_adobe(own)) {
        colour_set_adobe(own);
    }
    VipsImage *small = shrink_and_convert(own, edge);
    VipsImage *pixels = small == NULL ? NULL : vips_image_copy_memory(small);
    if (pixels == NULL) {
        fault_set_vips(fault, "the picture cannot be decoded");
    }
    g_clear_object(&small);
    g_object_unref(own);
    return pixels;
}

VipsImage *picture_open(VipsSource *source, enum kind kind, const struct picture_hints *hints,
                        int edge, struct fault *fault)
{
    VipsImage *image = load_small(source, kind, edge);
    if (image == NULL) {
        fault_set_vips(fault, "the picture cannot be opened");
        return NULL;
    }
    VipsImage *small = picture_shrink(image, hints, edge, fault);
    g_object_unref(image);
    return small;
}
