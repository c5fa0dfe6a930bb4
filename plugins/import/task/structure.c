/* Chooses the walker of a format; names of warnings. Worker process only. */
#include "task/structure.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    uint32_t bit;
    const char *name;
} warnings[] = {
    {WARN_TRAILING_GARBAGE, "trailing_garbage"},
    {WARN_EXTENSION_MISMATCH, "extension_mismatch"},
    {WARN_EXIF_DAMAGED, "exif_damaged"},
    {WARN_METADATA_UNREADABLE, "metadata_unreadable"},
    {WARN_CAPTURE_TIME_INVALID, "capture_time_invalid"},
    {WARN_NO_EXIF, "no_exif"},
    {WARN_IMAGES_MISSING, "images_missing"},
    {WARN_SIDECAR_UNREADABLE, "sidecar_unreadable"},
};

const char *warning_name(uint32_t warning)
{
    for (size_t i = 0; i < sizeof warnings / sizeof warnings[0]; i++) {
        if (warnings[i].bit == warning) {
            return warnings[i].name;
        }
    }
    return NULL;
}

bool refuse(struct structure *structure, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(structure->reason, sizeof structure->reason, format, args);
    va_end(args);
    return false;
}

bool structure_check(const struct format *format, struct bytes file,
                     struct structure *structure_out)
{
    *structure_out = (struct structure){0};
    switch (format->family) {
    case FAMILY_JPEG:
        return jpeg_walk(file, structure_out);
    case FAMILY_PNG:
        return png_walk(file, structure_out);
    case FAMILY_WEBP:
        return webp_walk(file, structure_out);
    case FAMILY_HEIF:
    case FAMILY_CR3:
    case FAMILY_JXL_BOXES:
        return bmff_walk(file, structure_out);
    case FAMILY_TIFF:
        return tiff_walk(file, structure_out);
    case FAMILY_CRW:
        return crw_walk(file, structure_out);
    case FAMILY_OPAQUE:
    case FAMILY_NONE:
        break;
    }
    return true;
}
