/* Looking at what lies beside a file. [worker] */
#define _GNU_SOURCE
#include "hot_beside.h"

#include "hot_look.h"
#include "kind.h"
#include "unit.h"

#include <dirent.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/span.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What programs call a file that is not whole yet, behind the name that it will have. */
static const char *const unfinished[] = {".part",     ".partial",    ".filepart",
                                         ".download", ".crdownload", ".tmp"};

void hot_listing_fini(struct hot_listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        free(listing->names[i]);
    }
    free(listing->names);
    free(listing->folder);
    *listing = (struct hot_listing){0};
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_folder(struct hot_listing *listing, jm_span folder)
{
    const struct dirent *entry;
    size_t capacity = 0;
    hot_listing_fini(listing);
    listing->folder = jm_span_dup(folder);
    DIR *dir = listing->folder == NULL ? NULL : opendir(listing->folder);
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (listing->count == capacity) {
            capacity = capacity == 0 ? 64 : capacity * 2;
            char **names = realloc(listing->names, capacity * sizeof *names);
            if (names == NULL) {
                break;
            }
            listing->names = names;
        }
        char *name = jm_span_dup(jm_span_of(entry->d_name));
        if (name == NULL) {
            break;
        }
        listing->names[listing->count++] = name;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    if (listing->count > 0) {
        qsort(listing->names, listing->count, sizeof *listing->names, compare_names);
    }
}

/* The first name that is not before `prefix`. */
static size_t lower_bound(const struct hot_listing *listing, const char *prefix)
{
    size_t from = 0;
    size_t to = listing->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (strcmp(listing->names[middle], prefix) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* The next name that begins with `prefix`, NULL behind the last. */
static const char *next_name(const struct hot_listing *listing, const char *prefix, size_t *at)
{
    const char *name = *at < listing->count ? listing->names[*at] : NULL;
    ++*at;
    return name != NULL && strncmp(name, prefix, strlen(prefix)) == 0 ? name : NULL;
}

static void look_at_name(const struct hot_listing *listing, const char *name,
                         struct hot_sighting *sighting_out)
{
    char path[PATH_MAX];
    *sighting_out = (struct hot_sighting){0};
    int len = snprintf(path, sizeof path, "%s/%s", listing->folder, name);
    if (len > 0 && len < PATH_MAX) {
        hot_look_at(path, sighting_out);
    }
}

static void digest_bytes(uint64_t *digest, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) { /* FNV-1a */
        *digest = (*digest ^ byte[i]) * 0x100000001B3u;
    }
}

static void take_file(struct hot_beside *beside, const struct hot_listing *listing,
                      const char *name)
{
    struct hot_sighting sighting;
    look_at_name(listing, name, &sighting);
    if (sighting.there) {
        beside->digest = beside->digest == 0 ? 0xCBF29CE484222325u : beside->digest;
        digest_bytes(&beside->digest, name, strlen(name));
        digest_bytes(&beside->digest, &sighting.signature, sizeof sighting.signature);
        beside->written |= sighting.written;
    }
}

static bool is_unfinished(const char *name)
{
    for (size_t i = 0; i < JM_COUNT(unfinished); i++) {
        if (name_has_extension(name, unfinished[i])) {
            return true;
        }
    }
    return false;
}

/* Of a photograph: everything that begins with its stem and a dot. */
static void look_around_photo(struct hot_listing *listing, const char *own, const char *prefix,
                              struct hot_beside *beside)
{
    bool raw = kind_of_name(own) == KIND_RAW;
    bool raws = false; /* something that cameras and editors write beside a raw file */
    size_t at = lower_bound(listing, prefix);
    const char *name;
    while ((name = next_name(listing, prefix, &at)) != NULL) {
        enum file_kind kind = kind_of_name(name);
        bool same = jm_span_equal(name_stem(name), name_stem(own));
        if (strcmp(name, own) == 0) {
            continue;
        }
        if (kind_is_photo(kind) ? same : kind != KIND_OTHER) {
            take_file(beside, listing, name);
        }
        raw |= same && kind == KIND_RAW;
        raws |= same && (kind == KIND_THUMBNAIL || name_has_extension(name, ".xmp"));
        beside->expects |= is_unfinished(name);
    }
    beside->expects |= raws && !raw && kind_of_name(own) == KIND_RENDITION;
}

/* rsync and others write "IMG.CR2" as ".IMG.CR2.Xy12Zw". */
static bool has_hidden(const struct hot_listing *listing, const char *prefix)
{
    char hidden[NAME_BYTES + 2];
    snprintf(hidden, sizeof hidden, ".%s", prefix);
    size_t at = lower_bound(listing, hidden);
    return next_name(listing, hidden, &at) != NULL;
}

/* Of a companion: the photograph that bears its full name, else the raw file of its stem, else
 * another photograph of it. */
static void look_for_photo(struct hot_listing *listing, const char *own, const char *prefix,
                           struct hot_beside *beside)
{
    struct hot_sighting sighting;
    const char *found = NULL;
    size_t at = lower_bound(listing, prefix);
    const char *name;
    while ((name = next_name(listing, prefix, &at)) != NULL) {
        enum file_kind kind = kind_of_name(name);
        bool full = jm_span_is(name_stem(own), name);
        bool same = jm_span_equal(name_stem(own), name_stem(name));
        if (kind_is_photo(kind) && (full || (same && (found == NULL || kind == KIND_RAW)))) {
            found = name;
        }
    }
    if (found != NULL) {
        look_at_name(listing, found, &sighting);
        snprintf(beside->photo, sizeof beside->photo, "%s", sighting.there ? found : "");
        beside->photo_signature = sighting.signature;
    }
}

void hot_beside_look(struct hot_listing *listing, const char *path, struct hot_beside *beside_out)
{
    char prefix[NAME_BYTES + 1];
    const char *name = strrchr(path, '/') + 1;
    jm_span folder = {path, (size_t)(name - path) - 1};
    bool is_photo = kind_is_photo(kind_of_name(name));
    jm_span stem = unit_stem(name);
    *beside_out = (struct hot_beside){0};
    if (listing->folder == NULL || !jm_span_is(folder, listing->folder)) {
        read_folder(listing, folder);
    }
    snprintf(prefix, sizeof prefix, "%.*s.", JM_SPAN_ARGS(stem));
    if (listing->folder == NULL) {
        return;
    }
    if (is_photo) {
        look_around_photo(listing, name, prefix, beside_out);
        beside_out->expects |= has_hidden(listing, prefix);
    } else {
        look_for_photo(listing, name, prefix, beside_out);
    }
}
