/* The numbers of GET /metrics, in the text format of Prometheus. */
#ifndef JMC_FIGURES_H
#define JMC_FIGURES_H

#include <jansson.h>

/* All samples, {"name": number, "name{label=\"x\"}": number}. */
json_t *jmc_figures_read(const char *text);
/* One of them; 0 where there is none. */
double jmc_figure(const json_t *figures, const char *name);

#endif
