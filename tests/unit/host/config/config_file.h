/* A temporary configuration file for the tests of host/config. */
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

#include "host/config/config.h"

/* Write `text` to the file junmai.json of a fresh folder, load it, remove both. */
jm_status config_file_load(struct jmh_config *config, const char *text, struct jmh_err *err);

#endif
