/* Loading task objects. Worker's only thread. */
#include "host/worker/main/object.h"

#include <junmai/plugin.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct object {
    char *path;
    const jm_task_entry *entry; /* in the image, which is never unloaded */
    struct object *next;
};

static struct object *objects;

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static jm_status check_entry(const char *path, const jm_task_entry *entry, struct jmh_err *err)
{
    const char *file = file_name(path);
    if (entry == NULL) {
        (void)jmh_err_set(err, JM_EINVAL, "%.100s is no task object: it does not export %s", file,
                          JM_TASK_ENTRY_NAME);
        return JM_EINVAL;
    }
    if (entry->magic != JM_TASK_MAGIC || entry->size < sizeof *entry) {
        return jmh_err_set(err, JM_EINVAL,
                           "%.100s is no task object of this ABI: magic %#x, size %u", file,
                           entry->magic, entry->size);
    }
    if (entry->abi_major != JM_ABI_MAJOR || entry->abi_minor > JM_ABI_MINOR) {
        return jmh_err_set(err, JM_EUNSUPPORTED,
                           "%.100s is built for ABI %u.%u, this host has %u.%u: "
                           "build it with the SDK of this host",
                           file, entry->abi_major, entry->abi_minor, JM_ABI_MAJOR, JM_ABI_MINOR);
    }
    jm_status status = entry->setup != NULL ? entry->setup() : JM_OK;
    if (status < 0) {
        return jmh_err_set(err, JM_EUNSUPPORTED, "the setup of %.100s has failed with status %d",
                           file, status);
    }
    return JM_OK;
}

/* One that is refused is tried anew by the next task that asks for it. */
static jm_status load(const char *path, struct object **object_out, struct jmh_err *err)
{
    if (access(path, R_OK) != 0) {
        return jmh_err_set(err, JM_ENOENT,
                           "the task object %.300s cannot be read: is the plugin "
                           "installed?",
                           path);
    }
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        return jmh_err_set(err, JM_EIO, "a task object cannot be loaded: %.400s", dlerror());
    }
    const jm_task_entry *entry = dlsym(handle, JM_TASK_ENTRY_NAME);
    jm_status status = check_entry(path, entry, err);
    if (status != JM_OK) {
        return status;
    }
    struct object *object = malloc(sizeof *object);
    char *path_copy = strdup(path);
    if (object == NULL || path_copy == NULL) {
        free(object);
        free(path_copy);
        return jmh_err_set(err, JM_EIO, "out of memory for the task object %.100s",
                           file_name(path));
    }
    *object = (struct object){path_copy, entry, objects};
    objects = object;
    *object_out = object;
    return JM_OK;
}

static struct object *find(const char *path)
{
    struct object *object = objects;
    while (object != NULL && strcmp(object->path, path) != 0) {
        object = object->next;
    }
    return object;
}

jm_status jmh_object_task(const char *path, const char *name, jm_task_fn *fn_out,
                          struct jmh_err *err)
{
    struct object *object = find(path);
    if (object == NULL) {
        jm_status status = load(path, &object, err);
        if (object == NULL) {
            return status;
        }
    }
    for (uint32_t i = 0; i < object->entry->task_count; i++) {
        if (strcmp(object->entry->tasks[i].name, name) == 0) {
            *fn_out = object->entry->tasks[i].fn;
            return JM_OK;
        }
    }
    return jmh_err_set(err, JM_ENOENT, "%.100s has no task %.100s", file_name(path), name);
}
