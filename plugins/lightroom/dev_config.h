/* LrDevConfig: the develop settings that Lightroom's plug-in applies. [any] */
#ifndef LIGHTROOM_DEV_CONFIG_H
#define LIGHTROOM_DEV_CONFIG_H

#include <jansson.h>

#define LR_FAULTS_MAX 50

/* What is wrong with a document: an array of sentences that begin with the path, as in
 * "pipeline[2].stage: …"; empty where nothing is. At most LR_FAULTS_MAX. NULL: out of memory. */
json_t *lr_dev_config_faults(const json_t *config);

#endif
