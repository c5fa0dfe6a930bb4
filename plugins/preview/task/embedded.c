/* Previews by gexiv2. Worker process only. */
#include "task/embedded.h"

#include <gexiv2/gexiv2.h>

#define INTEROP_INDEX "Exif.Iop.InteroperabilityIndex"

jm_status embedded_setup(void)
{
    gexiv2_log_set_level(GEXIV2_LOG_LEVEL_MUTE);
    return gexiv2_initialize() ? JM_OK : JM_EUNSUPPORTED;
}

static void read_hints(GExiv2Metadata *metadata, struct picture_hints *hints)
{
    GExiv2Orientation orientation = gexiv2_metadata_try_get_orientation(metadata, NULL);
    char *index = gexiv2_metadata_try_get_tag_string(metadata, INTEROP_INDEX, NULL);
    hints->orientation = orientation >= 1 && orientation <= 8 ? (int)orientation : 0;
    hints->is_adobe = index != NULL && strncmp(index, "R03", 3) == 0;
    g_free(index);
}

static VipsImage *open_buffer(const guint8 *ptr, guint32 len, const struct picture_hints *hints,
                              int edge)
{
    struct fault ignored = {0};
    enum kind kind = kind_detect((struct bytes){ptr, len});
    VipsSource *source = vips_source_new_from_memory(ptr, len);
    bool readable = source != NULL && (kind == KIND_JPEG || kind == KIND_TIFF);
    VipsImage *image = readable ? picture_open(source, kind, hints, edge, &ignored) : NULL;
    g_clear_object(&source);
    return image;
}

static VipsImage *open_largest(GExiv2Metadata *metadata, const struct picture_hints *hints,
                               int edge)
{
    GExiv2PreviewProperties **previews = gexiv2_metadata_get_preview_properties(metadata);
    GExiv2PreviewProperties *largest = NULL;
    for (; previews != NULL && *previews != NULL; previews++) {
        largest = *previews; /* they are sorted by size */
    }
    if (largest == NULL) {
        return NULL;
    }
    GExiv2PreviewImage *preview = gexiv2_metadata_try_get_preview_image(metadata, largest, NULL);
    guint32 len = 0;
    const guint8 *ptr = preview == NULL ? NULL : gexiv2_preview_image_get_data(preview, &len);
    VipsImage *image = ptr == NULL ? NULL : open_buffer(ptr, len, hints, edge);
    g_clear_object(&preview);
    return image;
}

VipsImage *embedded_open(struct bytes file, int edge, struct picture_hints *hints_out)
{
    VipsImage *image = NULL;
    GExiv2Metadata *metadata = gexiv2_metadata_new();
    *hints_out = (struct picture_hints){0};
    if (gexiv2_metadata_open_buf(metadata, file.ptr, (glong)file.len, NULL)) {
        read_hints(metadata, hints_out);
        image = open_largest(metadata, hints_out, edge);
    }
    g_object_unref(metadata);
    return image;
}
