/* What an import leaves where it is: files that are neither photographs nor come along with one. */
#ifndef JMC_LEFT_OUT_H
#define JMC_LEFT_OUT_H

#include "scan.h"

#include <jansson.h>

/* How many of each ending: {"txt": 2, "xmp": 1}. */
json_t *jmc_left_out_count(const struct jmc_scan *scan);
/* "3 files left out: 2 txt, 1 xmp (name a file to import it all the same)", to free(); or NULL. */
char *jmc_left_out_text(const json_t *counts);

#endif
