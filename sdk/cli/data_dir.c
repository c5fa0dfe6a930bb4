/* The data directory; see data_dir.h. Where it is, and how it is locked, is what the host does. */
#include "data_dir.h"

#include "cli.h"
#include "memory.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

char *jmc_data_dir_find(const char *given)
{
    const char *data_home = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    char *chosen = NULL;
    if (given != NULL) {
        chosen = jmc_text_copy(given);
    } else if (data_home != NULL && data_home[0] == '/') {
        chosen = jmc_textf("%s/junmai", data_home);
    } else if (home != NULL && home[0] == '/') {
        chosen = jmc_textf("%s/.local/share/junmai", home);
    } else {
        (void)jmc_complain("there is no usual place for data without HOME: name the data directory "
                           "with --data");
        return NULL;
    }
    char *path = jmc_path_real(chosen);
    if (path == NULL) {
        (void)jmc_complain("%s cannot be found: %s", chosen, strerror(errno));
    }
    free(chosen);
    return path;
}

bool jmc_data_dir_has(const char *path)
{
    static const char *const own[] = {JMC_DATABASE, JMC_DATABASE "-wal", JMC_DATABASE "-shm",
                                      JMC_DATABASE "-journal", JMC_LOCK};
    static const char unfinished[] = ".junmai-";
    static const char previews[] = "previews/"; /* the host makes them again */
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (strcmp(path, own[i]) == 0) {
            return false;
        }
    }
    return strncmp(name, unfinished, sizeof unfinished - 1) != 0 &&
           strncmp(path, previews, sizeof previews - 1) != 0;
}

static void complain_of_host(int fd, const char *folder)
{
    char pid[24] = "";
    const ssize_t bytes = pread(fd, pid, sizeof pid - 1, 0);
    pid[bytes > 0 ? bytes : 0] = '\0';
    pid[strspn(pid, "0123456789")] = '\0';
    (void)jmc_complain("%s is in use by the Junmai of process %s: stop that one first", folder,
                       pid[0] != '\0' ? pid : "(just starting)");
}

int jmc_data_dir_lock(const char *folder, bool *is_missing_out)
{
    char *path = jmc_textf("%s/" JMC_LOCK, folder);
    struct stat facts;
    *is_missing_out = stat(folder, &facts) != 0 && errno == ENOENT;
    int fd = *is_missing_out ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && !*is_missing_out) {
        (void)jmc_complain("%s cannot be opened: %s", path, strerror(errno));
    } else if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            complain_of_host(fd, folder);
        } else {
            (void)jmc_complain("%s cannot be locked: %s", path, strerror(errno));
        }
        (void)close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}
