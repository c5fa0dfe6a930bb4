/* A copy, or the reason why not. Worker process only. */
#include "task/dng.h"

#include "task/file.h"

#include <errno.h>
#include <string.h>

void dng_copy(const struct source *source, const struct output *output, struct fault *fault)
{
    if (source->kind != KIND_DNG) {
        fault_set(
            fault, JM_EUNSUPPORTED,
            "the photograph is no DNG (it is %s), and DNG is never made from other files: choose "
            "another format",
            kind_name(source->kind));
    } else if (output->policy != POLICY_ALL) {
        fault_set(
            fault, JM_EUNSUPPORTED,
            "a DNG is passed on as it is, with all its metadata: its preset's metadata policy "
            "must be \"all\"");
    } else if (file_restart(output->fd, fault) &&
               !file_write(output->fd, source->file.ptr, source->file.len, 0)) {
        fault_set(fault, JM_EIO, "the output cannot be written: %s", strerror(errno));
    }
}
