/* Rules over the names of tags. Worker process only. */
#include "task/tags.h"

#include <string.h>

/* Of Exif's first directory, which in a raw file is full of the sensor. */
static const char *const descriptive[] = {
    "Artist",     "Copyright", "DateTime",      "HostComputer", "ImageDescription", "Make",
    "Model",      "Rating",    "RatingPercent", "Software",     "XPAuthor",         "XPComment",
    "XPKeywords", "XPSubject", "XPTitle",       NULL,
};

/* Groups that say where pixels lie. */
static const char *const structural[] = {
    "Exif.Thumbnail.", "Exif.SubImage",      "Exif.SubThumb",      "Exif.Image2.", "Exif.Image3.",
    "Exif.MpfInfo.",   "Exif.PanasonicRaw.", "Exif.NikonPreview.", NULL,
};

/* XMP about the pixels of the old file. */
static const char *const stale_xmp[] = {
    "Xmp.xmp.Thumbnails",
    "Xmp.tiff.Orientation",
    "Xmp.tiff.ImageWidth",
    "Xmp.tiff.ImageLength",
    "Xmp.tiff.BitsPerSample",
    "Xmp.tiff.Compression",
    "Xmp.tiff.PhotometricInterpretation",
    "Xmp.tiff.SamplesPerPixel",
    "Xmp.tiff.NativeDigest",
    "Xmp.exif.NativeDigest",
    "Xmp.exif.PixelXDimension",
    "Xmp.exif.PixelYDimension",
    "Xmp.exif.ColorSpace",
    "Xmp.photoshop.ICCProfile",
    "Xmp.photoshop.ColorMode",
    "Xmp.GPano.",
    NULL,
};

static const char *const rights[] = {
    "Exif.Image.Artist",
    "Exif.Image.Copyright",
    "Iptc.Application2.Byline",
    "Iptc.Application2.Copyright",
    "Iptc.Application2.Credit",
    "Iptc.Envelope.CharacterSet",
    "Xmp.dc.creator",
    "Xmp.dc.rights",
    "Xmp.photoshop.Credit",
    "Xmp.xmpRights.Marked",
    "Xmp.xmpRights.Owner",
    "Xmp.xmpRights.UsageTerms",
    "Xmp.xmpRights.WebStatement",
    NULL,
};

static bool begins_with_one(const char *tag, const char *const starts[])
{
    for (size_t i = 0; starts[i] != NULL; i++) {
        if (g_str_has_prefix(tag, starts[i])) {
            return true;
        }
    }
    return false;
}

static bool is_descriptive(const char *tag)
{
    static const char first[] = "Exif.Image.";
    if (g_str_has_prefix(tag, first)) {
        return g_strv_contains(descriptive, tag + sizeof first - 1);
    }
    return !begins_with_one(tag, structural) && !begins_with_one(tag, stale_xmp) &&
           strstr(tag, "Preview") == NULL && strstr(tag, "Thumbnail") == NULL;
}

static bool is_position(const char *tag)
{
    char *lower = g_ascii_strdown(tag, -1);
    bool found = strstr(lower, "gps") != NULL;
    g_free(lower);
    return found;
}

static bool is_makers(const char *tag)
{
    return !g_str_has_prefix(tag, "Exif.Image.") && !g_str_has_prefix(tag, "Exif.GPSInfo.") &&
           !g_str_has_prefix(tag, "Exif.Iop.") &&
           (!g_str_has_prefix(tag, "Exif.Photo.") || strcmp(tag, "Exif.Photo.MakerNote") == 0);
}

/* A structure's fields are tags of their own, so that one may be gone already with what held it. */
static void erase(GExiv2Metadata *tags, char **names_take, bool (*wanted)(const char *tag))
{
    for (char **name = names_take; name != NULL && *name != NULL; name++) {
        if (wanted(*name)) {
            gexiv2_metadata_try_clear_tag(tags, *name, NULL);
        }
    }
    g_strfreev(names_take);
}

static bool is_not_descriptive(const char *tag)
{
    return !is_descriptive(tag);
}

void tags_keep_descriptive(GExiv2Metadata *tags)
{
    gexiv2_metadata_try_erase_exif_thumbnail(tags, NULL);
    erase(tags, gexiv2_metadata_get_exif_tags(tags), is_not_descriptive);
    erase(tags, gexiv2_metadata_get_xmp_tags(tags), is_not_descriptive);
}

void tags_erase_gps(GExiv2Metadata *tags)
{
    gexiv2_metadata_try_delete_gps_info(tags, NULL);
    erase(tags, gexiv2_metadata_get_exif_tags(tags), is_position);
    erase(tags, gexiv2_metadata_get_xmp_tags(tags), is_position);
}

bool tags_have_maker(GExiv2Metadata *tags)
{
    char **names = gexiv2_metadata_get_exif_tags(tags);
    bool found = false;
    for (char **name = names; !found && name != NULL && *name != NULL; name++) {
        found = is_makers(*name);
    }
    g_strfreev(names);
    return found;
}

void tags_erase_maker(GExiv2Metadata *tags)
{
    erase(tags, gexiv2_metadata_get_exif_tags(tags), is_makers);
}

static bool says_the_same(GExiv2Metadata *tags, GExiv2Metadata *others, const char *name)
{
    char *one = gexiv2_metadata_try_get_tag_string(tags, name, NULL);
    char *other = gexiv2_metadata_try_get_tag_string(others, name, NULL);
    bool same = g_strcmp0(one, other) == 0;
    g_free(one);
    g_free(other);
    return same;
}

bool tags_makers_agree(GExiv2Metadata *tags, GExiv2Metadata *others)
{
    char **names = gexiv2_metadata_get_exif_tags(tags);
    bool agree = true;
    for (char **name = names; agree && name != NULL && *name != NULL; name++) {
        /* The whole of it in one tag holds places in the file. */
        bool is_whole = strcmp(*name, "Exif.Photo.MakerNote") == 0 ||
                        g_str_has_prefix(*name, "Exif.MakerNote.");
        agree = !is_makers(*name) || is_whole || says_the_same(tags, others, *name);
    }
    g_strfreev(names);
    return agree;
}

static void set(GExiv2Metadata *tags, const char *tag, const char *value)
{
    gexiv2_metadata_try_set_tag_string(tags, tag, value, NULL);
}

void tags_copy_rights(GExiv2Metadata *from, GExiv2Metadata *to)
{
    for (size_t i = 0; rights[i] != NULL; i++) {
        if (!gexiv2_metadata_try_has_tag(from, rights[i], NULL)) {
            continue;
        }
        if (g_str_has_prefix(rights[i], "Exif.")) {
            char *value = gexiv2_metadata_try_get_tag_string(from, rights[i], NULL);
            set(to, rights[i], value == NULL ? "" : value);
            g_free(value);
        } else {
            char **values = gexiv2_metadata_try_get_tag_multiple(from, rights[i], NULL);
            if (values != NULL) {
                gexiv2_metadata_try_set_tag_multiple(to, rights[i], (const gchar **)values, NULL);
            }
            g_strfreev(values);
        }
    }
}

/* IPTC fields have lengths of their own, in bytes. */
static void set_iptc(GExiv2Metadata *tags, const char *tag, const char *value, size_t bytes_max)
{
    size_t len = strlen(value);
    if (len > bytes_max) {
        const char *cut = g_utf8_find_prev_char(value, value + bytes_max + 1);
        len = cut == NULL ? 0 : (size_t)(cut - value);
    }
    char *text = g_strndup(value, len);
    set(tags, "Iptc.Envelope.CharacterSet", "\033%G");
    set(tags, tag, text);
    g_free(text);
}

static void add_copyright(GExiv2Metadata *tags, const char *copyright)
{
    set(tags, "Exif.Image.Copyright", copyright);
    set(tags, "Xmp.dc.rights", copyright);
    set(tags, "Xmp.xmpRights.Marked", "True");
    set_iptc(tags, "Iptc.Application2.Copyright", copyright, 128);
}

static void add_contact(GExiv2Metadata *tags, const char *contact)
{
    static const char base[] = "Xmp.iptc.CreatorContactInfo";
    bool is_address = strchr(contact, '@') != NULL;
    bool is_page = g_str_has_prefix(contact, "http://") || g_str_has_prefix(contact, "https://");
    char tag[96];
    g_snprintf(tag, sizeof tag, "%s/Iptc4xmpCore:%s", base,
               is_page      ? "CiUrlWork"
               : is_address ? "CiEmailWork"
                            : "CiAdrExtadr");
    set(tags, tag, contact);
    set_iptc(tags, "Iptc.Application2.Contact", contact, 128);
}

/* What a bag has, and what is new. */
static void add_to_bag(GExiv2Metadata *tags, const char *tag, const json_t *words)
{
    GPtrArray *all = g_ptr_array_new();
    char **before = gexiv2_metadata_try_get_tag_multiple(tags, tag, NULL);
    for (char **word = before; word != NULL && *word != NULL; word++) {
        g_ptr_array_add(all, *word);
    }
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        if (word[0] != '\0' && !g_ptr_array_find_with_equal_func(all, word, g_str_equal, NULL)) {
            g_ptr_array_add(all, (gpointer)word);
        }
    }
    g_ptr_array_add(all, NULL);
    gexiv2_metadata_try_set_tag_multiple(tags, tag, (const gchar **)all->pdata, NULL);
    g_ptr_array_unref(all);
    g_strfreev(before);
}

void tags_add(GExiv2Metadata *tags, const struct output *output)
{
    if (output->copyright != NULL) {
        add_copyright(tags, output->copyright);
    }
    if (output->contact != NULL) {
        add_contact(tags, output->contact);
    }
    if (json_array_size(output->keywords) > 0) {
        set(tags, "Iptc.Envelope.CharacterSet", "\033%G");
        add_to_bag(tags, "Iptc.Application2.Keywords", output->keywords);
        add_to_bag(tags, "Xmp.dc.subject", output->keywords);
    }
}

/* As text, so that the number gets the type that its tag has. */
static void set_number(GExiv2Metadata *tags, const char *tag, int number)
{
    char text[16];
    g_snprintf(text, sizeof text, "%d", number);
    set(tags, tag, text);
}

void tags_describe_pixels(GExiv2Metadata *tags, enum space space, struct size size)
{
    gexiv2_metadata_try_set_orientation(tags, GEXIV2_ORIENTATION_NORMAL, NULL);
    gexiv2_metadata_try_clear_tag(tags, "Xmp.tiff.Orientation", NULL);
    set_number(tags, "Exif.Photo.PixelXDimension", size.width);
    set_number(tags, "Exif.Photo.PixelYDimension", size.height);
    set(tags, "Exif.Photo.ColorSpace", space == SPACE_SRGB ? "1" : "65535");
    gexiv2_metadata_try_clear_tag(tags, "Exif.Iop.InteroperabilityIndex", NULL);
    gexiv2_metadata_try_clear_tag(tags, "Exif.Iop.RelatedImageFileFormat", NULL);
    if (space == SPACE_SRGB || space == SPACE_ADOBE) {
        set(tags, "Exif.Iop.InteroperabilityIndex", space == SPACE_SRGB ? "R98" : "R03");
    }
}
