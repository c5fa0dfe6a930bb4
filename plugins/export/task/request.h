/* What is asked of `render`, read and checked. Worker process only. */
#ifndef EXPORT_TASK_REQUEST_H
#define EXPORT_TASK_REQUEST_H

#include "task/fault.h"
#include "task/render.h"

#include <jansson.h>
#include <stdbool.h>

enum format {
    FORMAT_JPEG,
    FORMAT_PNG,
    FORMAT_TIFF,
    FORMAT_WEBP,
    FORMAT_AVIF,
    FORMAT_JXL,
    FORMAT_DNG
};
enum chroma { CHROMA_AUTO, CHROMA_420, CHROMA_444 };
enum packing { PACKING_NONE, PACKING_LZW, PACKING_DEFLATE };
enum space { SPACE_SRGB, SPACE_ADOBE, SPACE_PROPHOTO, SPACE_P3 };
enum resize { RESIZE_LONG, RESIZE_SHORT, RESIZE_WIDTH, RESIZE_HEIGHT, RESIZE_FIT };
enum policy { POLICY_ALL, POLICY_COPYRIGHT, POLICY_NONE, POLICY_NO_GPS };
enum highlights { HIGHLIGHTS_CLIP, HIGHLIGHTS_BLEND, HIGHLIGHTS_REBUILD };
enum half { HALF_AUTO, HALF_NO, HALF_YES };

/* "watermark": null, or an object with "text", or with "image_fd". Texts are shown as they are. */
struct watermark {
    bool wanted;
    const char *text; /* UTF-8, plain; NULL: the image */
    int image_fd;     /* a PNG, WebP, TIFF or JPEG; -1: none */
    int column;       /* "position" is bottom_right by default: column and row are -1, 0 or 1. */
    int row;          /*   top|center|bottom _ left|center|right, and "center" */
    double opacity;   /* "opacity" 0 to 100 percent, 60 */
    double size;      /* "size" 0.5 to 100: height of the mark (of text: of a line) in percent of
                         the picture's short edge; 4 for text, 15 for an image. It is made smaller
                         where it would be wider or higher than nine tenths of the picture. */
};

struct output {
    int fd;
    enum format format;     /* "format", required */
    int quality;            /* "quality" 1 to 100, 90: JPEG WEBP AVIF JXL */
    enum chroma chroma;     /* "chroma" auto|420|444: JPEG AVIF; auto is 444 from quality 90 */
    bool progressive;       /* "progressive" false: JPEG; PNG interlaced */
    int bit_depth;          /* "bit_depth" 8|16, 8: TIFF PNG; others have 8 */
    enum packing packing;   /* "compression" none|lzw|deflate, lzw: TIFF */
    int effort;             /* "effort", -1: PNG 0 to 9 (6), WEBP 0 to 6 (4), AVIF 0 to 9 (1),
                               JXL 3 to 9 (3); what is above is cut, and so is 9 to 6 for AVIF */
    enum space space;       /* "color_space" sRGB|AdobeRGB|ProPhotoRGB|DisplayP3, sRGB */
    enum resize resize;     /* "resize_mode" long_edge|short_edge|width|height|fit, long_edge */
    int max_dimension;      /* "max_dimension" 1 to 65535; 0 or absent: the source's size */
    int max_height;         /* "max_height" for fit; max_dimension */
    bool enlarge;           /* "enlarge" false */
    int sharpen;            /* "sharpen_amount" 0 to 100, 0 */
    enum policy policy;     /* "metadata_policy" all|copyright|none|no_gps, all */
    const char *copyright;  /* "copyright", or NULL */
    const char *contact;    /* "contact", or NULL */
    const json_t *keywords; /* "keywords", an array of texts, or NULL */
    struct watermark watermark;
};

struct request {
    json_t *json; /* owns the texts */
    int source_fd;
    struct output outputs[RENDER_OUTPUTS_MAX];
    size_t output_count;
    enum half half;
    enum highlights highlights;
};

/* Descriptors are those of the run, not indexes. To be ended by request_fini() whatever comes out. */
void request_init(struct request *request, const jm_task_run *run, struct fault *fault);
void request_fini(struct request *request);

/* "JPEG", … */
const char *format_name(enum format format);

#endif
