/* The task `stamp`: a copy of a photograph, or of its XMP sidecar, with what the studio says of each
 * of its photographs: who made it, whose it is, how to reach them, what it is about.
 *
 * Request: {"name": file name, "sidecar": bool, "creator", "copyright", "contact": text, "keywords":
 * array of text}, all but the first two may be missing. Descriptors: what is there (a photograph; with
 * "sidecar" the sidecar that is there, or the photograph that gets one), the copy to be written, and
 * the same copy to be read. Result: {"written": bool}, false where the photograph's format takes no
 * packet. Creator, copyright and contact replace what is there, keywords are added. Worker only. */
#ifndef IMPORT_TASK_STAMP_H
#define IMPORT_TASK_STAMP_H

#include <junmai/task.h>

jm_status stamp_task(const jm_task_run *run);

#endif
