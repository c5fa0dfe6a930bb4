/* backup.json: what a backup holds. It is written last; a folder without it is no backup. */
#ifndef JMC_MANIFEST_H
#define JMC_MANIFEST_H

#include "files.h"

#include <jansson.h>
#include <stdbool.h>

#define JMC_MANIFEST "backup.json"

struct jmc_manifest {
    char *data_dir; /* that it was made of */
    char *epoch;    /* that the database had */
    char *made_at;
    struct jmc_files files; /* relative paths, the database among them */
};

/* The manifest as a document; `made_at` is set to the present. */
json_t *jmc_manifest_document(struct jmc_manifest *manifest);
/* Write it into the folder of a backup. False after a complaint. */
bool jmc_manifest_write(struct jmc_manifest *manifest, const char *folder);
/* Read it, and check that all files are there and have their sizes. False after a complaint. */
bool jmc_manifest_read(struct jmc_manifest *manifest, const char *folder);
void jmc_manifest_fini(struct jmc_manifest *manifest);

#endif
