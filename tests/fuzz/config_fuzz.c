/* A configuration file of any content is read or refused with a reason. */
#include "host/config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct jmh_config config = {0};
    struct jmh_err err = {0};
    char path[64];
    int fd = memfd_create("junmai.json", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) {
        abort();
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    jm_status status = jmh_config_load(&config, path, &err);
    if (status != JM_OK && err.text[0] == '\0') {
        abort();
    }
    jmh_config_fini(&config);
    (void)close(fd);
    return 0;
}
