/* The table of formats and its look-ups. Worker process only. */
#include "task/format.h"

#include <ctype.h>

static const struct format formats[] = {
    {"jpeg", "image/jpeg", " jpg jpeg jpe jfif ", FAMILY_JPEG},
    {"png", "image/png", " png ", FAMILY_PNG},
    {"webp", "image/webp", " webp ", FAMILY_WEBP},
    {"avif", "image/avif", " avif avifs ", FAMILY_HEIF},
    {"heif", "image/heif", " heic heif hif heics heifs ", FAMILY_HEIF},
    {"cr3", "image/x-canon-cr3", " cr3 ", FAMILY_CR3},
    {"jxl", "image/jxl", " jxl ", FAMILY_JXL_BOXES},
    {"jxl-stream", "image/jxl", " jxl ", FAMILY_OPAQUE},
    {"tiff", "image/tiff", " tif tiff ", FAMILY_TIFF},
    {"dng", "image/x-adobe-dng", " dng ", FAMILY_TIFF},
    {"cr2", "image/x-canon-cr2", " cr2 ", FAMILY_TIFF},
    {"nef", "image/x-nikon-nef", " nef nrw ", FAMILY_TIFF},
    {"arw", "image/x-sony-arw", " arw sr2 srf ", FAMILY_TIFF},
    {"orf", "image/x-olympus-orf", " orf ori ", FAMILY_TIFF},
    {"rw2", "image/x-panasonic-rw2", " rw2 rwl ", FAMILY_TIFF},
    {"pef", "image/x-pentax-pef", " pef ", FAMILY_TIFF},
    {"srw", "image/x-samsung-srw", " srw ", FAMILY_TIFF},
    {"kdc", "image/x-kodak-kdc", " kdc dcr dc2 k25 ", FAMILY_TIFF},
    {"erf", "image/x-epson-erf", " erf ", FAMILY_TIFF},
    {"3fr", "image/x-hasselblad-3fr", " 3fr fff ", FAMILY_TIFF},
    {"iiq", "image/x-phaseone-iiq", " iiq ", FAMILY_TIFF},
    {"mef", "image/x-mamiya-mef", " mef mos ", FAMILY_TIFF},
    {"crw", "image/x-canon-crw", " crw ", FAMILY_CRW},
    {"raf", "image/x-fuji-raf", " raf ", FAMILY_OPAQUE},
    {"mrw", "image/x-minolta-mrw", " mrw ", FAMILY_OPAQUE},
    {"x3f", "image/x-sigma-x3f", " x3f ", FAMILY_OPAQUE},
    {"psd", "image/vnd.adobe.photoshop", " psd psb ", FAMILY_OPAQUE},
    {"jp2", "image/jp2", " jp2 j2k ", FAMILY_OPAQUE},
    {"gif", "image/gif", " gif ", FAMILY_OPAQUE},
};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

/* First bytes that tell a format by themselves. */
static const struct {
    const char *name;
    const char *bytes;
    size_t len;
    uint64_t at;
} magics[] = {
    {"jpeg", "\xff\xd8\xff", 3, 0},
    {"png", "\x89PNG\r\n\x1a\n", 8, 0},
    {"webp", "WEBP", 4, 8},
    {"jxl", "\0\0\0\x0cJXL \r\n\x87\n", 12, 0},
    {"jxl-stream", "\xff\x0a", 2, 0},
    {"crw", "HEAPCCDR", 8, 6},
    {"cr2", "CR\x02\0", 4, 8},
    {"rw2", "IIU\0", 4, 0},
    {"orf", "IIRO", 4, 0},
    {"orf", "IIRS", 4, 0},
    {"orf", "MMOR", 4, 0},
    {"tiff", "II*\0", 4, 0},
    {"tiff", "MM\0*", 4, 0},
    {"raf", "FUJIFILMCCD-RAW ", 16, 0},
    {"mrw", "\0MRM", 4, 0},
    {"x3f", "FOVb", 4, 0},
    {"psd", "8BPS", 4, 0},
    {"jp2", "\0\0\0\x0cjP  \r\n\x87\n", 12, 0},
    {"gif", "GIF87a", 6, 0},
    {"gif", "GIF89a", 6, 0},
};

static const struct {
    const char *brand;
    const char *name;
} brands[] = {
    {"avif", "avif"}, {"avis", "avif"}, {"heic", "heif"}, {"heix", "heif"}, {"heim", "heif"},
    {"heis", "heif"}, {"hevc", "heif"}, {"mif1", "heif"}, {"msf1", "heif"}, {"crx ", "cr3"},
};

static const struct {
    const char *extension;
    const char *words;
} companions[] = {
    {"xmp", "an XMP sidecar"},
    {"aae", "a sidecar of Apple's edits (AAE)"},
    {"thm", "a camera's thumbnail companion (THM)"},
};

/* The extension in lower case as " ext ", "" where there is none or a very long one. */
static void extension_of(jm_span file_name, char key_out[12])
{
    size_t dot = file_name.len;
    key_out[0] = '\0';
    while (dot > 0 && file_name.ptr[dot - 1] != '.') {
        dot--;
    }
    size_t len = file_name.len - dot;
    if (dot == 0 || len == 0 || len > 8) {
        return;
    }
    key_out[0] = ' ';
    for (size_t i = 0; i < len; i++) {
        key_out[i + 1] = (char)tolower((unsigned char)file_name.ptr[dot + i]);
    }
    memcpy(key_out + len + 1, " ", 2);
}

const struct format *format_named(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

static const struct format *format_by_extension(jm_span file_name)
{
    char key[12];
    extension_of(file_name, key);
    for (size_t i = 0; key[0] != '\0' && i < FORMAT_COUNT; i++) {
        if (strstr(formats[i].extensions, key) != NULL) {
            return &formats[i];
        }
    }
    return NULL;
}

/* The first box of an ISO file lists what it is compatible with, the most specific first. */
static const struct format *format_by_brand(struct bytes file)
{
    if (!has_text(file, 4, "ftyp", 4) || !has(file, 0, 16)) {
        return NULL;
    }
    uint64_t end = be32(file, 0);
    for (uint64_t at = 8; at + 4 <= end && has(file, at, 4) && at < 256; at += 4) {
        for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++) {
            if (has_text(file, at, brands[i].brand, 4)) {
                return format_named(brands[i].name);
            }
        }
    }
    return NULL;
}

const struct format *format_detect(struct bytes file, jm_span file_name)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (!has_text(file, magics[i].at, magics[i].bytes, magics[i].len)) {
            continue;
        }
        const struct format *format = format_named(magics[i].name);
        const struct format *claimed = format_by_extension(file_name);
        bool raw =
            strcmp(format->name, "tiff") == 0 && claimed != NULL && claimed->family == FAMILY_TIFF;
        return raw ? claimed : format;
    }
    return format_by_brand(file);
}

bool format_name_mismatch(const struct format *format, jm_span file_name)
{
    const struct format *claimed = format_by_extension(file_name);
    if (claimed == NULL) {
        return false;
    }
    bool same_stream = strcmp(claimed->mime, format->mime) == 0;
    return !same_stream && (claimed->family != format->family || format->family == FAMILY_OPAQUE);
}

const char *format_companion(struct bytes file, jm_span file_name)
{
    char key[12];
    extension_of(file_name, key);
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
        if (strlen(key) == 5 && memcmp(key + 1, companions[i].extension, 3) == 0) {
            return companions[i].words;
        }
    }
    if (has_text(file, 0, "<?xpacket", 9) || has_text(file, 0, "<x:xmpmeta", 10)) {
        return "an XMP sidecar";
    }
    return has_text(file, 4, "ftyp", 4) && format_by_brand(file) == NULL ? "a video" : NULL;
}
