/* The loader. [loop: libltdl is not made for threads]
 *
 * libltdl says "file not found" for every failure and binds lazily, so that a missing function ends the
 * process at its first call. Hence three steps: the ELF headers (a half-written file), a child process
 * (a constructor that crashes), and dlopen() with all symbols bound, for the linker's own words; then
 * libltdl opens the same image, and the first handle is dropped. */
#include "host/plugin/loader.h"

#include "host/plugin/elf.h"
#include "host/plugin/entry.h"
#include "host/plugin/probe.h"

#include <dlfcn.h>
#include <ltdl.h>
#include <stdlib.h>

struct jmh_image {
    lt_dlhandle handle;
};

/* Local: two plugins with a function of the same name must each find their own. */
static lt_dlhandle open_local(const char *path)
{
    lt_dladvise advise;
    if (lt_dladvise_init(&advise) != 0)
        return NULL;
    lt_dlhandle handle = NULL;
    if (lt_dladvise_local(&advise) == 0)
        handle = lt_dlopenadvise(path, advise);
    lt_dladvise_destroy(&advise);
    return handle;
}

static jm_status open_image(const char *path, lt_dlhandle *handle_out, struct jmh_err *err)
{
    void *probe = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (probe == NULL)
        return jmh_err_set(err, JM_EIO, "it cannot be loaded: %.400s", dlerror());
    *handle_out = open_local(path);
    dlclose(probe);
    if (*handle_out == NULL)
        return jmh_err_set(err, JM_EIO, "%s cannot be loaded by libltdl: %s", path, lt_dlerror());
    return JM_OK;
}

jm_status jmh_image_open(const char *path, struct jmh_image **image_out, const jm_entry **entry_out,
                         struct jmh_err *err)
{
    jm_status status = jmh_elf_check(path, err);
    if (status >= 0)
        status = jmh_probe(path, err);
    if (status < 0)
        return status;
    struct jmh_image *image = calloc(1, sizeof *image);
    if (image == NULL || lt_dlinit() != 0) {
        free(image);
        return jmh_err_set(err, JM_ENOMEM, "out of memory to load %s", path);
    }
    status = open_image(path, &image->handle, err);
    const jm_entry *entry = status >= 0 ? lt_dlsym(image->handle, JM_ENTRY_NAME) : NULL;
    if (status >= 0)
        status = jmh_entry_check(entry, path, err);
    if (status < 0) {
        jmh_image_close(image);
        return status;
    }
    *image_out = image;
    *entry_out = entry;
    return JM_OK;
}

/* The handle is kept: an image that was once in use is never unmapped. A thread of the pool may still
 * be returning through its code, the C library may call its destructors, and no counter can prove the
 * contrary; a retired image costs some 18 KiB. */
void jmh_image_close(struct jmh_image *image)
{
    free(image);
}
