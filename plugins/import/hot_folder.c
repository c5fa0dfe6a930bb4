/* What a hot folder may be. [worker] */
#include "hot_folder.h"

#include <junmai/sdk/path.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *hot_folder_bytes(const char *text)
{
    jm_span path = jm_span_of(text);
    while (path.len > 1 && path.ptr[path.len - 1] == '/') {
        path.len--;
    }
    char *plain = jm_span_dup(path);
    char *bytes = plain == NULL || access(plain, F_OK) == 0 ? NULL : jm_path_bytes(path);
    if (bytes == NULL) {
        return plain;
    }
    free(plain);
    return bytes;
}

bool hot_folder_find(const struct import_roots *roots, const char *path,
                     char resolved_out[PATH_MAX], struct verdict *verdict)
{
    struct stat info;
    bool found = roots_resolve(roots, path, resolved_out, verdict);
    if (found && (stat(resolved_out, &info) < 0 || !S_ISDIR(info.st_mode))) {
        return verdict_set(verdict, 400, "%s is not a folder", path);
    }
    if (verdict->http_status == 404) {
        return verdict_set(verdict, 404, "there is no folder %s", path);
    }
    return found;
}
