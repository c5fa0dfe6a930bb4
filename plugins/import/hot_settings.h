/* What the studio's document (junmai.settings/1) says of hot folders: whether anything is imported
 * by itself, and which folders there are. The store has the folders that are watched; the two are
 * kept the same. Where the plugin system is not there the store alone counts. Loop thread. */
#ifndef IMPORT_HOT_SETTINGS_H
#define IMPORT_HOT_SETTINGS_H

#include "core.h"

struct hot_settings {
    struct import_core *core;
    jm_id timer;       /* 0: the document is not followed */
    bool met;          /* the two were made the same once */
    bool judging;      /* the pool looks at what the document lists */
    uint64_t revision; /* of the document that they were the same as */
};

/* Follow the document: at first each of the two takes up what the other lists, from then on a
 * change of the document counts. [loop & active] */
void hot_settings_start(struct hot_settings *settings, struct import_core *core);
void hot_settings_stop(struct hot_settings *settings);

/* Whether processing.auto_import lets files of hot folders in now. [loop & active] */
bool hot_settings_allow(const struct import_core *core);

/* The document lists the folder, or does not list it, from this turn on. [loop & active] */
jm_status hot_settings_list(const struct import_core *core, const char *path, bool listed);

#endif
