/* gexiv2, from the file's tags to blobs. Worker process only. */
#include "task/metadata.h"

#include "task/carrier.h"
#include "task/tags.h"

#include <gexiv2/gexiv2.h>

#define EXIF_BYTES_MAX 65000 /* of a JPEG's segment, which the other formats keep to as well */
#define XMP_BYTES_MAX 65000
#define XMP_PADDING_BYTES 64

jm_status metadata_setup(void)
{
    gexiv2_log_set_level(GEXIV2_LOG_LEVEL_MUTE);
    return gexiv2_initialize() ? carrier_setup() : JM_EUNSUPPORTED;
}

static void warn(json_t *warnings, const char *sentence)
{
    json_array_append_new(warnings, json_string(sentence));
}

/* The tags of a file; of an empty one where there are none to be read. */
static GExiv2Metadata *read_tags(struct bytes file, bool *read_out)
{
    GExiv2Metadata *tags = gexiv2_metadata_new();
    *read_out =
        file.len <= G_MAXLONG && gexiv2_metadata_open_buf(tags, file.ptr, (glong)file.len, NULL);
    if (!*read_out) {
        g_object_unref(tags);
        tags = carrier_tags();
    }
    return tags;
}

/* exiv2 writes makers' tags anew, and not all of them well: whether they say the same as before. */
static bool is_intact(GExiv2Metadata *tags, GBytes *exif)
{
    gsize len = 0;
    const void *ptr = exif == NULL ? NULL : g_bytes_get_data(exif, &len);
    GExiv2Metadata *written = gexiv2_metadata_new();
    bool intact = ptr != NULL && gexiv2_metadata_open_buf(written, ptr, (glong)len, NULL) &&
                  tags_makers_agree(tags, written);
    g_object_unref(written);
    return intact;
}

static GBytes *take_exif(GExiv2Metadata *tags, enum maker *maker, json_t *warnings)
{
    GBytes *exif = gexiv2_metadata_get_exif_data(tags, GEXIV2_BYTE_ORDER_LITTLE, NULL);
    if (*maker == MAKER_UNKNOWN && tags_have_maker(tags)) {
        *maker = is_intact(tags, exif) ? MAKER_KEPT : MAKER_LOST;
    }
    if (exif == NULL || g_bytes_get_size(exif) > EXIF_BYTES_MAX ||
        (*maker == MAKER_LOST && tags_have_maker(tags))) {
        warn(warnings, "the maker's part of the Exif data cannot be kept as it is and is left out");
        g_clear_pointer(&exif, g_bytes_unref);
        tags_erase_maker(tags);
        exif = gexiv2_metadata_get_exif_data(tags, GEXIV2_BYTE_ORDER_LITTLE, NULL);
    }
    if (exif == NULL || g_bytes_get_size(exif) > EXIF_BYTES_MAX) {
        warn(warnings, "the Exif data do not fit and are left out");
        g_clear_pointer(&exif, g_bytes_unref);
    }
    return exif;
}

static GBytes *take_xmp(GExiv2Metadata *tags, json_t *warnings)
{
    if (!gexiv2_metadata_has_xmp(tags)) {
        return NULL;
    }
    char *packet = gexiv2_metadata_try_generate_xmp_packet(tags, GEXIV2_USE_COMPACT_FORMAT,
                                                           XMP_PADDING_BYTES, NULL);
    size_t len = packet == NULL ? 0 : strlen(packet);
    if (len == 0 || len > XMP_BYTES_MAX) {
        warn(warnings, "the XMP data do not fit and are left out");
        g_free(packet);
        return NULL;
    }
    return g_bytes_new_take(packet, len);
}

static GBytes *take_iptc(GExiv2Metadata *tags, json_t *warnings)
{
    if (!gexiv2_metadata_has_iptc(tags)) {
        return NULL;
    }
    GBytes *iptc = carrier_encode_iptc(tags);
    if (iptc == NULL) {
        warn(warnings, "the IPTC data do not fit and are left out");
    }
    return iptc;
}

void metadata_init(struct metadata *metadata, struct bytes source, enum maker *maker,
                   const struct output *output, struct size size, json_t *warnings)
{
    bool read = false;
    GExiv2Metadata *tags = read_tags(source, &read);
    *metadata = (struct metadata){0};
    if (!read && output->policy != POLICY_NONE) {
        warn(warnings, "the photograph has no metadata that can be read");
    }
    if (output->policy == POLICY_COPYRIGHT || output->policy == POLICY_NONE) {
        GExiv2Metadata *few = carrier_tags();
        if (output->policy == POLICY_COPYRIGHT) {
            tags_copy_rights(tags, few);
        }
        g_object_unref(tags);
        tags = few;
    } else {
        tags_keep_descriptive(tags);
    }
    if (output->format != FORMAT_JPEG && output->format != FORMAT_JXL) {
        tags_erase_maker(tags); /* it holds places in the file, and here those change once more */
    }
    if (output->policy == POLICY_NO_GPS) {
        tags_erase_gps(tags);
    }
    metadata->had_iptc = gexiv2_metadata_has_iptc(tags);
    if (output->policy != POLICY_NONE) {
        tags_add(tags, output);
    }
    tags_describe_pixels(tags, output->space, size);
    metadata->exif = take_exif(tags, maker, warnings);
    metadata->xmp = take_xmp(tags, warnings);
    metadata->iptc = take_iptc(tags, warnings);
    g_object_unref(tags);
}

void metadata_fini(struct metadata *metadata)
{
    g_clear_pointer(&metadata->exif, g_bytes_unref);
    g_clear_pointer(&metadata->xmp, g_bytes_unref);
    g_clear_pointer(&metadata->iptc, g_bytes_unref);
}
