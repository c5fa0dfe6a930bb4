/* A list of files with their sizes. */
#ifndef JMC_FILES_H
#define JMC_FILES_H

#include <stddef.h>
#include <stdint.h>

struct jmc_file {
    char *path;
    uint64_t bytes;
};

struct jmc_files {
    struct jmc_file *items;
    size_t count, capacity;
    uint64_t bytes; /* of all */
};

/* The path is copied. */
void jmc_files_add(struct jmc_files *files, const char *path, uint64_t bytes);
void jmc_files_remove(struct jmc_files *files, size_t index);
/* The size of one turns out to be another. */
void jmc_files_resize(struct jmc_files *files, size_t index, uint64_t bytes);
void jmc_files_fini(struct jmc_files *files);

#endif
