/* The files of an output. [worker]
 *
 * A file is made under a name of its own in its folder and gets its final name when it is whole and on
 * the disk; nothing ever lies under a final name that is not. */
#ifndef EXPORT_OUTPUT_FILES_H
#define EXPORT_OUTPUT_FILES_H

#include "output.h"

/* Settle the path, promise it to the job, and open the file that becomes it; and the watermark. */
void export_output_open(struct export_core *core, struct export_output *output);

/* The same without opening anything: the path of a file that a client makes. */
void export_output_settle(struct export_core *core, struct export_output *output);

/* Check what was written, bring it onto the disk, give it its name. */
void export_output_place(struct export_output *output);

/* Close everything; what has no final name goes. */
void export_output_close(struct export_output *output);

/* Open a photograph by its path as the catalog writes it; a negative number, with the reason. */
int export_source_open(const char *path, char reason_out[EXPORT_REASON_BYTES]);

#endif
