/* Walks the directories (IFDs) of TIFF files, raw files that are TIFF inside, and the EXIF block of
 * a JPEG. Worker process only.
 *
 * Directories point to each other, so each is visited once, and a file that leads in circles ends
 * where it began. What holds the picture (the chain, the sub-directories, strips and tiles) must lie
 * inside the file; tags about it that do not are a warning. */
#include "task/structure.h"

#define IFD_MAX 64
#define ENTRY_BYTES 12

#define TAG_NEW_SUBFILE_TYPE 254
#define TAG_WIDTH 256
#define TAG_HEIGHT 257
#define TAG_STRIP_OFFSETS 273
#define TAG_STRIP_SIZES 279
#define TAG_JPEG_OFFSET 513
#define TAG_TILE_OFFSETS 324
#define TAG_TILE_SIZES 325
#define TAG_SUB_IFDS 330
#define TAG_EXIF_IFD 34665
#define TAG_GPS_IFD 34853
#define TAG_DNG_VERSION 50706
#define TAG_INTEROP_IFD 40965
#define TAG_MPF_IMAGES 45058

#define MPF_IMAGE_BYTES 16

#define TYPE_SHORT 3
#define TYPE_LONG 4
#define TYPE_IFD 13

#define OFFSET_NOT_USED 0xFFFFFFFFu /* Panasonic: the picture is found by a tag of its own */

struct entry {
    uint16_t tag;
    uint16_t type;
    uint64_t count;
    uint64_t at; /* of the value, inside the file */
};

struct ifd {
    uint64_t at;
    bool picture; /* of the picture, not of tags about it */
};

struct walk {
    struct bytes file;
    struct structure *structure;
    bool little;
    bool embedded; /* the EXIF block of a JPEG: nothing refuses, all is a warning */
    struct ifd ifds[IFD_MAX];
    size_t known;
    bool has_picture; /* one of the directories says where pixels are */
};

/* What one directory says about the picture in it. */
struct picture {
    uint64_t width, height;
    bool reduced; /* a preview of another one */
    struct entry offsets, sizes;
};

static uint16_t u16(const struct walk *walk, uint64_t at)
{
    return walk->little ? le16(walk->file, at) : be16(walk->file, at);
}

static uint32_t u32(const struct walk *walk, uint64_t at)
{
    return walk->little ? le32(walk->file, at) : be32(walk->file, at);
}

/* Value `index` of an integer entry; 0 where there is none. */
static uint64_t value(const struct walk *walk, const struct entry *entry, uint64_t index)
{
    if (index >= entry->count) {
        return 0;
    }
    return entry->type == TYPE_SHORT ? u16(walk, entry->at + index * 2)
                                     : u32(walk, entry->at + index * 4);
}

static bool damaged(struct walk *walk)
{
    walk->structure->warnings |= WARN_EXIF_DAMAGED;
    return true;
}

/* Note a directory to visit, once. 0 is where the header is: writers use it for "none". */
static void add_ifd(struct walk *walk, uint64_t at, bool picture)
{
    if (at == 0) {
        return;
    }
    for (size_t i = 0; i < walk->known; i++) {
        if (walk->ifds[i].at == at) {
            damaged(walk);
            return;
        }
    }
    if (walk->known == IFD_MAX) {
        damaged(walk);
        return;
    }
    walk->ifds[walk->known++] = (struct ifd){at, picture};
}

static uint64_t type_bytes(uint16_t type)
{
    static const uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    return type < sizeof sizes ? sizes[type] : 0;
}

/* Read the entry at `at`; false where its value lies outside the file. */
static bool read_entry(const struct walk *walk, uint64_t at, struct entry *entry_out)
{
    *entry_out = (struct entry){
        .tag = u16(walk, at), .type = u16(walk, at + 2), .count = u32(walk, at + 4), .at = at + 8};
    uint64_t len = type_bytes(entry_out->type) * entry_out->count;
    if (len > 4) {
        entry_out->at = u32(walk, at + 8);
    }
    return has(walk->file, entry_out->at, len);
}

static bool is_offsets(uint16_t tag)
{
    return tag == TAG_STRIP_OFFSETS || tag == TAG_TILE_OFFSETS;
}

static bool is_sizes(uint16_t tag)
{
    return tag == TAG_STRIP_SIZES || tag == TAG_TILE_SIZES;
}

static void take_entry(struct walk *walk, bool picture_ifd, const struct entry *entry,
                       struct picture *picture)
{
    bool integer = entry->type == TYPE_SHORT || entry->type == TYPE_LONG || entry->type == TYPE_IFD;
    if (entry->tag == TAG_DNG_VERSION) {
        walk->structure->is_dng = true;
    }
    if (!integer) {
        return;
    }
    walk->has_picture |= is_offsets(entry->tag) || entry->tag == TAG_JPEG_OFFSET;
    if (is_offsets(entry->tag)) {
        picture->offsets = *entry;
    } else if (is_sizes(entry->tag)) {
        picture->sizes = *entry;
    } else if (entry->tag == TAG_NEW_SUBFILE_TYPE) {
        picture->reduced = (value(walk, entry, 0) & 1) != 0;
    } else if (entry->tag == TAG_WIDTH) {
        picture->width = value(walk, entry, 0);
    } else if (entry->tag == TAG_HEIGHT) {
        picture->height = value(walk, entry, 0);
    } else if (entry->tag == TAG_EXIF_IFD || entry->tag == TAG_GPS_IFD ||
               entry->tag == TAG_INTEROP_IFD) {
        add_ifd(walk, value(walk, entry, 0), false);
    } else if (entry->tag == TAG_SUB_IFDS) {
        for (uint64_t i = 0; i < entry->count && i < IFD_MAX; i++) {
            add_ifd(walk, value(walk, entry, i), picture_ifd);
        }
    }
}

/* Every strip or tile must lie inside the file. */
static bool check_picture(struct walk *walk, const struct picture *picture)
{
    for (uint64_t i = 0; i < picture->offsets.count && i < picture->sizes.count; i++) {
        uint64_t at = value(walk, &picture->offsets, i);
        uint64_t len = value(walk, &picture->sizes, i);
        if (at != OFFSET_NOT_USED && !has(walk->file, at, len)) {
            return walk->embedded ? damaged(walk)
                                  : refuse(walk->structure,
                                           "the file is cut short: a part of the picture would lie "
                                           "at byte %llu, behind its end",
                                           (unsigned long long)(at + len));
        }
    }
    return true;
}

/* The largest picture that is no preview is the photograph. */
static void take_size(struct structure *structure, const struct picture *picture)
{
    uint64_t known = (uint64_t)structure->width * structure->height;
    bool fits = picture->width <= UINT32_MAX && picture->height <= UINT32_MAX;
    if (!picture->reduced && fits && picture->width * picture->height > known) {
        structure->width = (uint32_t)picture->width;
        structure->height = (uint32_t)picture->height;
    }
}

static bool outside(struct walk *walk, const struct ifd *ifd)
{
    if (!ifd->picture || walk->embedded) {
        return damaged(walk);
    }
    return refuse(walk->structure,
                  "the file is cut short: a directory would lie at byte %llu, behind its end",
                  (unsigned long long)ifd->at);
}

static bool walk_ifd(struct walk *walk, struct ifd ifd)
{
    uint64_t count = has(walk->file, ifd.at, 2) ? u16(walk, ifd.at) : 0;
    if (!has(walk->file, ifd.at, 2 + count * ENTRY_BYTES)) {
        return outside(walk, &ifd);
    }
    struct picture picture = {0};
    for (uint64_t i = 0; i < count; i++) {
        struct entry entry;
        if (read_entry(walk, ifd.at + 2 + i * ENTRY_BYTES, &entry)) {
            take_entry(walk, ifd.picture, &entry, &picture);
        } else if (ifd.picture && !walk->embedded && is_offsets(entry.tag)) {
            return outside(walk, &ifd);
        } else {
            damaged(walk);
        }
    }
    uint64_t next_at = ifd.at + 2 + count * ENTRY_BYTES;
    if (ifd.picture) {
        add_ifd(walk, has(walk->file, next_at, 4) ? u32(walk, next_at) : 0, true);
        take_size(walk->structure, &picture);
    }
    return check_picture(walk, &picture);
}

static bool walk_all(struct walk *walk)
{
    if (!has(walk->file, 0, 8)) {
        return walk->embedded ? damaged(walk) : refuse(walk->structure, "the file is cut short");
    }
    walk->little = walk->file.ptr[0] == 'I';
    walk->ifds[walk->known++] = (struct ifd){u32(walk, 4), true};
    for (size_t i = 0; i < walk->known; i++) {
        if (!walk_ifd(walk, walk->ifds[i])) {
            return false;
        }
    }
    return true;
}

bool tiff_walk(struct bytes file, struct structure *structure)
{
    struct walk walk = {.file = file, .structure = structure};
    if (!walk_all(&walk)) {
        return false;
    }
    return walk.has_picture ? true : refuse(structure, "the file has no picture");
}

void tiff_walk_exif(struct bytes exif, struct structure *structure)
{
    struct structure tags = {0};
    struct walk walk = {.file = exif, .structure = &tags, .embedded = true};
    walk_all(&walk);
    structure->warnings |= tags.warnings;
}

uint64_t tiff_walk_mpf(struct bytes index)
{
    struct walk walk = {.file = index, .little = has_text(index, 0, "II", 2)};
    uint64_t ifd = has(index, 0, 8) ? u32(&walk, 4) : 0;
    uint64_t count = has(index, ifd, 2) ? u16(&walk, ifd) : 0;
    uint64_t end = 0;
    struct entry entry;
    for (uint64_t i = 0; i < count && has(index, ifd + 2 + i * ENTRY_BYTES, ENTRY_BYTES); i++) {
        bool inside = read_entry(&walk, ifd + 2 + i * ENTRY_BYTES, &entry);
        if (!inside || entry.tag != TAG_MPF_IMAGES) {
            continue;
        }
        /* The first image is the one that the index is in; its offset is 0. */
        for (uint64_t at = MPF_IMAGE_BYTES; at + MPF_IMAGE_BYTES <= entry.count;
             at += MPF_IMAGE_BYTES) {
            uint64_t size = u32(&walk, entry.at + at + 4);
            uint64_t image_end = u32(&walk, entry.at + at + 8) + size;
            end = image_end > end ? image_end : end;
        }
    }
    return end;
}
