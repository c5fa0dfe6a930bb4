/* Finding photographs; see scan.h. */
#include "scan.h"

#include "cli.h"
#include "path.h"
#include "walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const endings[] = {"cr2",  "cr3",  "nef",  "arw",  "dng", "orf",  "raf",
                                      "rw2",  "pef",  "srw",  "x3f",  "erf", "mrw",  "raw",
                                      "rwl",  "iiq",  "jpg",  "jpeg", "tif", "tiff", "png",
                                      "heic", "heif", "avif", "jxl",  "webp"};

bool jmc_scan_is_photo(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(dot + 1, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool visit(void *user, const char *path, const struct stat *facts)
{
    struct jmc_files *photos = user;
    const char *name = strrchr(path, '/') + 1;
    struct stat target;
    if (name[0] == '.') {
        return false; /* "._IMG.jpg" of a Mac is no photograph */
    }
    if (S_ISLNK(facts->st_mode)) {
        if (stat(path, &target) != 0) {
            return false;
        }
        facts = &target;
    }
    if (S_ISREG(facts->st_mode) && jmc_scan_is_photo(name)) {
        jmc_files_add(photos, path, (uint64_t)facts->st_size);
    }
    return true;
}

static bool add_file(struct jmc_files *photos, const char *path, const struct stat *facts)
{
    char *absolute = jmc_path_named(path);
    if (absolute == NULL) {
        (void)jmc_complain("%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    jmc_files_add(photos, absolute, (uint64_t)facts->st_size);
    free(absolute);
    return true;
}

bool jmc_scan(struct jmc_files *photos, const char *path)
{
    struct stat facts;
    if (stat(path, &facts) != 0) {
        (void)jmc_complain("%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    if (!S_ISDIR(facts.st_mode)) {
        return add_file(photos, path, &facts);
    }
    char *folder = realpath(path, NULL);
    if (folder == NULL) {
        (void)jmc_complain("%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    const bool is_whole = jmc_walk(folder, visit, photos);
    free(folder);
    return is_whole;
}
