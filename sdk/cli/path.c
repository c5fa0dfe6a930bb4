/* Absolute paths; see path.h. */
#include "path.h"

#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *join(const char *folder, const char *name)
{
    return jmc_textf("%s%s%s", folder, strcmp(folder, "/") == 0 ? "" : "/", name);
}

/* Without slashes at its end. */
static char *trim(const char *path)
{
    char *trimmed = jmc_text_copy(path);
    for (size_t len = strlen(trimmed); len > 1 && trimmed[len - 1] == '/'; len--) {
        trimmed[len - 1] = '\0';
    }
    return trimmed;
}

char *jmc_path_named(const char *path)
{
    char *trimmed = trim(path);
    const char *slash = strrchr(trimmed, '/');
    char *above =
        slash == NULL ? jmc_text_copy(".") : jmc_textf("%.*s/", (int)(slash - trimmed), trimmed);
    char *folder = realpath(above, NULL);
    char *absolute = folder == NULL ? NULL : join(folder, slash == NULL ? trimmed : slash + 1);
    free(folder);
    free(above);
    free(trimmed);
    return absolute;
}

char *jmc_path_real(const char *path)
{
    char *real = realpath(path, NULL);
    if (real == NULL && errno == ENOENT) {
        real = jmc_path_named(path);
    }
    if (real == NULL && errno == ENOENT) {
        char *trimmed = trim(path);
        char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
        real = here == NULL ? jmc_text_copy(trimmed) : join(here, trimmed);
        free(here);
        free(trimmed);
    }
    return real;
}

bool jmc_path_is_within(const char *path, const char *folder)
{
    const size_t bytes = strlen(folder);
    return strcmp(folder, "/") == 0 ||
           (strncmp(path, folder, bytes) == 0 && (path[bytes] == '/' || path[bytes] == '\0'));
}
