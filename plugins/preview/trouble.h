/* What an operator should know: a line in the log, and error_occurred. [loop & (active | draining)] */
#ifndef PREVIEW_TROUBLE_H
#define PREVIEW_TROUBLE_H

#include "core.h"
#include "photo.h"

void trouble_tell(const struct preview_core *core, const struct photo *photo, const char *type,
                  const char *sentence);

#endif
