/* A mark is pixels and a mask of one band; both are laid over a part of the picture. Worker process
 * only. */
#include "task/watermark.h"

#include "task/colour.h"
#include "task/picture.h"

#define SHARE_MAX 0.9 /* of the picture's sides, at most */
#define MARGIN 0.025  /* of the short edge */
#define TEXT_DPI 72
#define FONT "sans bold"
#define SHADOW 0.04 /* of a line's height: how far and how soft */
#define SHADOW_DENSITY 0.7

struct mark {
    VipsImage *pixels; /* as those of the picture are */
    VipsImage *mask;   /* 0 to 255 */
};

static void mark_fini(struct mark *mark)
{
    g_clear_object(&mark->pixels);
    g_clear_object(&mark->mask);
}

static double short_edge(VipsImage *image)
{
    return image->Xsize < image->Ysize ? image->Xsize : image->Ysize;
}

/* Text that is to be `height` pixels from line to line, smaller where it would be too wide. */
static VipsImage *draw_text(const char *text, double height, double width_max)
{
    char *markup = g_markup_escape_text(text, -1);
    VipsImage *mask = NULL;
    for (int attempt = 0; attempt < 3 && height >= 1; attempt++) {
        char font[64];
        char *number = g_malloc(G_ASCII_DTOSTR_BUF_SIZE);
        g_ascii_formatd(number, G_ASCII_DTOSTR_BUF_SIZE, "%.2f", height * 0.8);
        g_snprintf(font, sizeof font, FONT " %s", number);
        g_free(number);
        g_clear_object(&mask);
        if (vips_text(&mask, markup, "font", font, "dpi", TEXT_DPI, NULL) != 0 ||
            mask->Xsize <= width_max) {
            break;
        }
        height *= width_max / mask->Xsize * 0.98;
    }
    g_free(markup);
    return mask;
}

static VipsImage *scale_mask(VipsImage *mask, double factor)
{
    VipsImage *scaled = NULL;
    VipsImage *bytes = NULL;
    if (vips_linear1(mask, &scaled, factor, 0, NULL) == 0) {
        vips_cast_uchar(scaled, &bytes, NULL);
    }
    g_clear_object(&scaled);
    return bytes;
}

/* Put `pixels`, or one colour, over the picture where the mask says so; what lies outside is cut. */
static VipsImage *blend(VipsImage *base, VipsImage *over, VipsImage *mask, double value, int left,
                        int top)
{
    VipsImage *owner = vips_image_new();
    VipsImage **t = (VipsImage **)vips_object_local_array(VIPS_OBJECT(owner), 4);
    VipsImage *out = NULL;
    if (vips_extract_area(base, &t[0], left, top, mask->Xsize, mask->Ysize, NULL) == 0) {
        if (over == NULL) {
            t[1] = vips_image_new_from_image(t[0], (double[]){value, value, value}, 3);
            over = t[1];
        }
        if (over != NULL && vips_ifthenelse(mask, over, t[0], &t[2], "blend", TRUE, NULL) == 0 &&
            vips_cast(t[2], &t[3], base->BandFmt, NULL) == 0) {
            vips_insert(base, t[3], &out, left, top, NULL);
        }
    }
    g_object_unref(owner);
    return out;
}

static int place(int whole, int part, int margin, int side)
{
    int room = whole - part;
    int at = side < 0 ? margin : side > 0 ? room - margin : room / 2;
    return at < 0 ? 0 : at > room ? room : at;
}

/* White with a soft dark shadow, so that it shows on anything. */
static VipsImage *put_text(VipsImage *image, const struct watermark *mark, struct fault *fault)
{
    double height = short_edge(image) * mark->size / 100;
    double white = image->BandFmt == VIPS_FORMAT_USHORT ? 65535 : 255;
    double opacity = mark->opacity / 100;
    int soft = 1 + (int)(height * SHADOW);
    int border = 3 * soft;
    int margin = (int)(short_edge(image) * MARGIN) - border;
    VipsImage *owner = vips_image_new();
    VipsImage **t = (VipsImage **)vips_object_local_array(VIPS_OBJECT(owner), 6);
    VipsImage *out = NULL;
    t[0] = draw_text(mark->text, height, image->Xsize * SHARE_MAX - 2 * border);
    int width = t[0] == NULL ? 0 : t[0]->Xsize + 2 * border;
    int lines = t[0] == NULL ? 0 : t[0]->Ysize + 2 * border;
    int left = place(image->Xsize, width, margin, mark->column);
    int top = place(image->Ysize, lines, margin, mark->row);
    if (width > image->Xsize || lines > image->Ysize) {
        fault_set(fault, JM_EINVAL, "the text of the watermark does not fit into %d x %d pixels",
                  image->Xsize, image->Ysize);
    } else if (t[0] == NULL || vips_embed(t[0], &t[1], border, border, width, lines, NULL) != 0 ||
               vips_gaussblur(t[1], &t[2], soft, NULL) != 0 ||
               (t[3] = scale_mask(t[2], SHADOW_DENSITY * opacity)) == NULL ||
               (t[4] = blend(image, NULL, t[3], 0, left, top)) == NULL ||
               (t[5] = scale_mask(t[1], opacity)) == NULL ||
               (out = blend(t[4], NULL, t[5], white, left, top)) == NULL) {
        fault_set_vips(fault, JM_EINVAL, "the text of the watermark cannot be drawn");
    }
    g_object_unref(owner);
    return out;
}

/* The image of a mark with its transparency apart, as large as it is to be shown. */
static bool open_mark(VipsImage *image, const struct watermark *mark, enum space space,
                      struct mark *out, struct fault *fault)
{
    VipsImage *whole = picture_open_mark(mark->image_fd, fault);
    if (whole == NULL) {
        return false;
    }
    double height = short_edge(image) * mark->size / 100;
    double widest =
        MIN(image->Xsize * SHARE_MAX / whole->Xsize, image->Ysize * SHARE_MAX / whole->Ysize);
    double factor = MIN(height / whole->Ysize, widest);
    VipsImage *owner = vips_image_new();
    VipsImage **t = (VipsImage **)vips_object_local_array(VIPS_OBJECT(owner), 5);
    bool has_alpha = vips_image_hasalpha(whole);
    int colours = whole->Bands - (has_alpha ? 1 : 0);
    char ignored[COLOUR_NAME_BYTES];
    json_t *silent = json_array();
    double top = whole->BandFmt == VIPS_FORMAT_USHORT ? 65535 : 255;
    if (vips_resize(whole, &t[0], factor, NULL) == 0 &&
        vips_extract_band(t[0], &t[1], 0, "n", colours, NULL) == 0 &&
        (t[2] = colour_prepare(t[1], ignored, silent, fault)) != NULL &&
        (t[3] = colour_convert(t[2], space, image->BandFmt == VIPS_FORMAT_USHORT ? 16 : 8,
                               fault)) != NULL) {
        if (has_alpha) {
            vips_extract_band(t[0], &t[4], colours, NULL);
        } else {
            t[4] = vips_image_new_from_image1(t[3], top);
        }
        out->pixels = vips_image_copy_memory(t[3]);
        out->mask = t[4] == NULL ? NULL : scale_mask(t[4], mark->opacity / 100 * 255 / top);
    }
    json_decref(silent);
    g_object_unref(owner);
    g_object_unref(whole);
    if (out->pixels == NULL || out->mask == NULL) {
        fault_set_vips(fault, JM_EINVAL, "the watermark image cannot be read");
        return false;
    }
    return true;
}

static VipsImage *put_image(VipsImage *image, const struct watermark *mark, enum space space,
                            struct fault *fault)
{
    struct mark over = {0};
    VipsImage *out = NULL;
    if (open_mark(image, mark, space, &over, fault)) {
        int margin = (int)(short_edge(image) * MARGIN);
        int left = place(image->Xsize, over.mask->Xsize, margin, mark->column);
        int top = place(image->Ysize, over.mask->Ysize, margin, mark->row);
        out = blend(image, over.pixels, over.mask, 0, left, top);
        if (out == NULL) {
            fault_set_vips(fault, JM_EINVAL, "the watermark cannot be drawn");
        }
    }
    mark_fini(&over);
    return out;
}

VipsImage *watermark_put(VipsImage *image, const struct watermark *mark, enum space space,
                         struct fault *fault)
{
    return mark->text != NULL ? put_text(image, mark, fault) : put_image(image, mark, space, fault);
}
