/* What the tags of a photograph say, as the JSON that the catalog takes. Worker process only. */
#ifndef IMPORT_TASK_FACTS_H
#define IMPORT_TASK_FACTS_H

#include "task/structure.h"

#include <gexiv2/gexiv2.h>
#include <jansson.h>

/* Camera, lens, exposure, time, place, orientation, rating, and the object "metadata" with what
 * people wrote about the picture. Fields that are not known are absent. */
void facts_read(GExiv2Metadata *metadata, json_t *facts, struct structure *structure);

/* Rating, label and title of an XMP sidecar, in place of those that are there. */
void facts_read_sidecar(GExiv2Metadata *sidecar, json_t *facts);

#endif
