/* First bytes, and the first directory of a TIFF. Worker process only. */
#include "task/kind.h"

#define TIFF_NEW_SUBFILE_TYPE 0xFE
#define TIFF_OLD_SUBFILE_TYPE 0xFF
#define TIFF_PHOTOMETRIC 0x106
#define TIFF_DNG_VERSION 0xC612
#define TIFF_ENTRY_BYTES 12
#define BRANDS_END_MAX 256

static const struct {
    enum kind kind;
    uint64_t at;
    const char *bytes;
    size_t len;
} magics[] = {
    {KIND_JPEG, 0, "\xff\xd8\xff", 3}, {KIND_PNG, 0, "\x89PNG\r\n\x1a\n", 8},
    {KIND_WEBP, 8, "WEBP", 4},         {KIND_JXL, 0, "\0\0\0\x0cJXL \r\n\x87\n", 12},
    {KIND_JXL, 0, "\xff\x0a", 2},      {KIND_RAW, 6, "HEAPCCDR", 8},
    {KIND_RAW, 8, "CR\x02\0", 4},      {KIND_RAW, 0, "IIU\0", 4},
    {KIND_RAW, 0, "IIRO", 4},          {KIND_RAW, 0, "IIRS", 4},
    {KIND_RAW, 0, "MMOR", 4},          {KIND_RAW, 0, "FUJIFILMCCD-RAW ", 16},
    {KIND_RAW, 0, "\0MRM", 4},         {KIND_RAW, 0, "FOVb", 4},
};

static const struct {
    const char *brand;
    enum kind kind;
} brands[] = {
    {"avif", KIND_HEIF}, {"avis", KIND_HEIF}, {"heic", KIND_HEIF}, {"heix", KIND_HEIF},
    {"heim", KIND_HEIF}, {"heis", KIND_HEIF}, {"hevc", KIND_HEIF}, {"mif1", KIND_HEIF},
    {"msf1", KIND_HEIF}, {"crx ", KIND_RAW},
};

static const char *const names[] = {
    [KIND_UNKNOWN] = "unknown", [KIND_JPEG] = "jpeg", [KIND_PNG] = "png",
    [KIND_WEBP] = "webp",       [KIND_TIFF] = "tiff", [KIND_HEIF] = "heif",
    [KIND_JXL] = "jxl",         [KIND_DNG] = "dng",   [KIND_RAW] = "raw",
};

/* Whether this entry of a TIFF's first directory shows that the picture itself is elsewhere, or that
 * its values are those of a sensor. */
static bool shows_raw(uint32_t tag, uint32_t value)
{
    switch (tag) {
    case TIFF_NEW_SUBFILE_TYPE:
        return (value & 1) != 0; /* a reduced picture */
    case TIFF_OLD_SUBFILE_TYPE:
        return value == 2; /* the same, in the older words */
    case TIFF_PHOTOMETRIC:
        return value == 32803 || value == 34892; /* colour filter array, linear raw */
    default:
        return false;
    }
}

static enum kind detect_tiff(struct bytes file, bool big_endian)
{
    uint64_t directory = read32(file, 4, big_endian);
    if (!has(file, directory, 2)) {
        return KIND_TIFF; /* cut off: its reader says so */
    }
    enum kind kind = KIND_TIFF;
    uint32_t count = read16(file, directory, big_endian);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t entry = directory + 2 + (uint64_t)i * TIFF_ENTRY_BYTES;
        if (!has(file, entry, TIFF_ENTRY_BYTES)) {
            return KIND_TIFF;
        }
        bool is_short = read16(file, entry + 2, big_endian) == 3;
        uint32_t value =
            is_short ? read16(file, entry + 8, big_endian) : read32(file, entry + 8, big_endian);
        uint32_t tag = read16(file, entry, big_endian);
        if (tag == TIFF_DNG_VERSION) {
            return KIND_DNG;
        }
        if (shows_raw(tag, value)) {
            kind = KIND_RAW; /* a DNG shows it last */
        }
    }
    return kind;
}

/* The first box of an ISO file lists what it is compatible with. */
static enum kind detect_brand(struct bytes file)
{
    if (!has_text(file, 4, "ftyp", 4)) {
        return KIND_UNKNOWN;
    }
    uint64_t end = read32(file, 0, true);
    for (uint64_t at = 8; at + 4 <= end && has(file, at, 4) && at < BRANDS_END_MAX; at += 4) {
        for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++) {
            if (has_text(file, at, brands[i].brand, 4)) {
                return brands[i].kind;
            }
        }
    }
    return KIND_UNKNOWN;
}

enum kind kind_detect(struct bytes file)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (has_text(file, magics[i].at, magics[i].bytes, magics[i].len)) {
            return magics[i].kind;
        }
    }
    if (has(file, 0, 8) && has_text(file, 0, "II*\0", 4)) {
        return detect_tiff(file, false);
    }
    if (has(file, 0, 8) && has_text(file, 0, "MM\0*", 4)) {
        return detect_tiff(file, true);
    }
    return detect_brand(file);
}

const char *kind_name(enum kind kind)
{
    return names[kind];
}
