/* The loader: from a file to an entry. The only code that sees ltdl.h.
 *
 * A load that fails says the true reason: the file is opened by the dynamic linker with all symbols
 * bound first, and only then by libltdl. [loop] */
#ifndef JMH_PLUGIN_LOADER_H
#define JMH_PLUGIN_LOADER_H

#include "host/util/err.h"

#include <junmai/plugin.h>

struct jmh_image;

/* Open an absolute path and check its entry: magic, size, major and minor version. `entry_out` is
 * valid while the image is open. JM_ENOENT, JM_EUNSUPPORTED (another ABI), JM_EINVAL (no entry, wrong
 * magic or size), JM_EIO (the linker's own words). */
jm_status jmh_image_open(const char *path, struct jmh_image **image_out, const jm_entry **entry_out,
                         struct jmh_err *err);
/* Lets go of the handle. The image stays mapped: threads and callbacks may still be on their way out
 * of it (docs/adr). */
void jmh_image_close(struct jmh_image *image);

#endif
