/* Kinds by extension. Pure. [any] */
#include "kind.h"

#include "naming.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    enum file_kind kind;
    const char *extensions;
} kinds[] = {
    {KIND_RAW, " dng cr2 cr3 crw nef nrw arw sr2 srf orf ori rw2 rwl pef srw kdc dcr dc2 k25 erf "
               "3fr fff iiq mef mos raf mrw x3f "},
    {KIND_RENDITION, " jpg jpeg jpe jfif heic heif hif "},
    {KIND_IMAGE, " png webp avif avifs heics heifs jxl tif tiff psd psb jp2 j2k gif "},
    {KIND_SIDECAR, " xmp aae "},
    {KIND_AUDIO, " wav "},
    {KIND_VIDEO, " mov "},
    {KIND_THUMBNAIL, " thm "},
};

enum file_kind kind_of_name(const char *name)
{
    char key[16];
    const char *extension = name + name_stem(name).len;
    if (*extension != '.' || strlen(extension) > 9 || strchr(extension, ' ') != NULL) {
        return KIND_OTHER;
    }
    snprintf(key, sizeof key, " %s ", extension + 1);
    for (char *c = key; *c != '\0'; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strstr(kinds[i].extensions, key) != NULL) {
            return kinds[i].kind;
        }
    }
    return KIND_OTHER;
}

bool kind_is_photo(enum file_kind kind)
{
    return kind == KIND_RAW || kind == KIND_RENDITION || kind == KIND_IMAGE;
}

bool name_has_extension(const char *name, const char *extension)
{
    size_t len = strlen(name);
    size_t tail = strlen(extension);
    return len > tail && strcasecmp(name + len - tail, extension) == 0;
}
