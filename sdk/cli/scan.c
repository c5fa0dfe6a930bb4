/* Finding photographs; see scan.h. */
#include "scan.h"

#include "cli.h"
#include "path.h"
#include "walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Those that the host's import knows, and .raw, which it knows by the content. */
static const char *const endings[] = {
    "3fr",  "arw", "avif", "avifs", "cr2",   "cr3",  "crw",   "dc2",  "dcr",  "dng",
    "erf",  "fff", "gif",  "heic",  "heics", "heif", "heifs", "hif",  "iiq",  "j2k",
    "jfif", "jp2", "jpe",  "jpeg",  "jpg",   "jxl",  "k25",   "kdc",  "mef",  "mos",
    "mrw",  "nef", "nrw",  "orf",   "ori",   "pef",  "png",   "psb",  "psd",  "raf",
    "raw",  "rw2", "rwl",  "sr2",   "srf",   "srw",  "tif",   "tiff", "webp", "x3f"};

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
    struct jmc_scan *scan = user;
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
    if (S_ISREG(facts->st_mode)) {
        jmc_files_add(jmc_scan_is_photo(name) ? &scan->photos : &scan->others, path,
                      (uint64_t)facts->st_size);
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

bool jmc_scan_path(struct jmc_scan *scan, const char *path)
{
    struct stat facts;
    if (stat(path, &facts) != 0) {
        (void)jmc_complain("%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    if (!S_ISDIR(facts.st_mode)) {
        return add_file(&scan->photos, path, &facts);
    }
    char *folder = realpath(path, NULL);
    if (folder == NULL) {
        (void)jmc_complain("%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    const bool is_whole = jmc_walk(folder, visit, scan);
    free(folder);
    return is_whole;
}

void jmc_scan_fini(struct jmc_scan *scan)
{
    jmc_files_fini(&scan->photos);
    jmc_files_fini(&scan->others);
}
