/* Ejecting by udisks2's udisksctl, which needs no root; where it is not installed, by umount and
 * eject. See eject.h. */
#include "eject.h"

#include "cli.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct mount {
    char point[PATH_MAX];
    char device[PATH_MAX];
};

/* "\040" is a blank in the kernel's list of mounts. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; to++) {
        if (at[0] == '\\' && strspn(at + 1, "01234567") >= 3) {
            *to = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
            at += 4;
        } else {
            *to = *at++;
        }
    }
    *to = '\0';
}

static bool is_below(const char *path, const char *folder)
{
    const size_t bytes = strcmp(folder, "/") == 0 ? 0 : strlen(folder);
    return strncmp(path, folder, bytes) == 0 && (path[bytes] == '/' || path[bytes] == '\0');
}

/* One line of the list: "36 35 98:0 ROOT POINT OPTIONS … - TYPE DEVICE OPTIONS". */
static bool read_mount(char *line, struct mount *mount_out)
{
    static const char point_form[] = "%*s %*s %*s %*s %4095s";
    static const char device_form[] = " - %*s %4095s";
    const char *dash = strstr(line, " - ");
    if (dash == NULL || sscanf(line, point_form, mount_out->point) != 1 ||
        sscanf(dash, device_form, mount_out->device) != 1) {
        return false;
    }
    unescape(mount_out->point);
    unescape(mount_out->device);
    return true;
}

/* Where the path is mounted: the deepest mount above it, of several the last. */
static bool find_mount(const char *path, struct mount *mount_out)
{
    struct mount mount;
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    FILE *list = fopen("/proc/self/mountinfo", "re");
    while (list != NULL && getline(&line, &room, list) > 0) {
        if (read_mount(line, &mount) && is_below(path, mount.point) &&
            (!found || strlen(mount.point) >= strlen(mount_out->point))) {
            *mount_out = mount;
            found = true;
        }
    }
    free(line);
    if (list != NULL) {
        fclose(list);
    }
    return found;
}

/* Its exit status; -1 when there is no such program. What it says goes to standard error. */
static int run(const char *const *argv)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;
    int status = 0;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int error =
        posix_spawnp(&child, argv[0], &actions, &attributes, (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return -1;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* What is still in memory goes to the medium first: an error shows before it is unmounted. */
static bool bring_to_rest(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_safe = fd >= 0 && syncfs(fd) == 0;
    const int error = errno;
    if (fd >= 0) {
        close(fd);
    }
    if (!is_safe) {
        (void)jmc_complain("%s cannot be brought to rest: %s; it was not ejected", path,
                           strerror(error));
    }
    return is_safe;
}

static int unmount(const struct mount *mount, bool *has_udisks_out)
{
    const char *const udisks[] = {
        "udisksctl", "unmount", "--block-device", mount->device, "--no-user-interaction", NULL};
    const char *const plain[] = {"umount", mount->point, NULL};
    int status = run(udisks);
    *has_udisks_out = status >= 0;
    status = status >= 0 ? status : run(plain);
    if (status != 0) {
        (void)jmc_complain("%s cannot be unmounted: leave it in, close what uses it, then eject it "
                           "by hand",
                           mount->point);
    }
    return status == 0 ? JMC_OK : JMC_FAILED;
}

/* Unmounted it can be taken out already: a reader that stays powered is no failure. */
static void power_off(const struct mount *mount, bool has_udisks)
{
    const char *const udisks[] = {
        "udisksctl", "power-off", "--block-device", mount->device, "--no-user-interaction", NULL};
    const char *const plain[] = {"eject", mount->device, NULL};
    if (run(has_udisks ? udisks : plain) != 0) {
        (void)jmc_complain("%s is unmounted and can be taken out; it was not powered off",
                           mount->device);
    }
}

int jmc_eject(const char *path)
{
    struct mount mount;
    bool has_udisks;
    char *real = realpath(path, NULL);
    const bool is_found = real != NULL && find_mount(real, &mount);
    free(real);
    if (!is_found) {
        return jmc_complain("%s is on no mount that this system lists: there is nothing to eject",
                            path);
    }
    if (strcmp(mount.point, "/") == 0 || strncmp(mount.device, "/dev/", 5) != 0) {
        return jmc_complain("%s is not on a card, but on what is mounted at %s (%s): there is "
                            "nothing to eject",
                            path, mount.point, mount.device);
    }
    if (!bring_to_rest(mount.point)) {
        return JMC_FAILED;
    }
    const int status = unmount(&mount, &has_udisks);
    if (status == JMC_OK) {
        power_off(&mount, has_udisks);
    }
    return status;
}
