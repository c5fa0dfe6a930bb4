/* Lists of files; see files.h. */
#include "files.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void jmc_files_add(struct jmc_files *files, const char *path, uint64_t bytes)
{
    if (files->count == files->capacity) {
        files->capacity = files->capacity * 2 + 64;
        files->items = jmc_memory_resize(files->items, files->capacity, sizeof *files->items);
    }
    files->items[files->count++] = (struct jmc_file){jmc_text_copy(path), bytes};
    files->bytes += bytes;
}

void jmc_files_remove(struct jmc_files *files, size_t index)
{
    struct jmc_file *file = &files->items[index];
    files->bytes -= file->bytes;
    free(file->path);
    files->count--;
    memmove(file, file + 1, (files->count - index) * sizeof *file);
}

void jmc_files_resize(struct jmc_files *files, size_t index, uint64_t bytes)
{
    files->bytes += bytes - files->items[index].bytes;
    files->items[index].bytes = bytes;
}

void jmc_files_fini(struct jmc_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
    }
    free(files->items);
    *files = (struct jmc_files){0};
}
