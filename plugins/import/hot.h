/* Hot folders: what appears in them is imported by itself.
 *
 * The store says which folders there are and whether they are watched; hot_apply() makes it so. Owned
 * by plugin.c; loop thread. */
#ifndef IMPORT_HOT_H
#define IMPORT_HOT_H

#include "core.h"

#include <jansson.h>

#define HOT_FOLDERS_MAX 64

struct hot;

/* NULL when out of memory. [loop & loaded] */
struct hot *hot_new(struct import_core *core);
void hot_free(struct hot *hot);

/* Watch what the store says, and follow the settings. [loop & active] */
jm_status hot_open(struct hot *hot);

/* Bring what is watched in line with the store. [loop & active] */
jm_status hot_apply(struct hot *hot);

/* Watch nothing any more, whatever the store says: the plugin is being drained. */
void hot_close(struct hot *hot);

/* For each folder its state, its counts and what went wrong last. */
json_t *hot_describe(const struct hot *hot);

/* /hotfolder/... [loop & loaded] */
jm_status hot_routes_add(struct import_core *core);

#endif
