/* A file's content in memory, and files that are written in place. Worker process only. */
#ifndef EXPORT_TASK_FILE_H
#define EXPORT_TASK_FILE_H

#include "task/bytes.h"
#include "task/fault.h"

/* Map a regular file that is not empty; false with the reason. */
bool file_map(int fd, struct bytes *file_out, struct fault *fault);
void file_unmap(struct bytes file);

/* Write all of it at an offset; false with errno. */
bool file_write(int fd, const void *ptr, size_t len, uint64_t at);

/* Make it empty, to be written from its beginning. */
bool file_restart(int fd, struct fault *fault);

uint64_t file_bytes(int fd);

#endif
