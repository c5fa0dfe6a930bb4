/* Counters and gauges, printed as Prometheus text. [loop] */
#ifndef JMH_METRIC_METRIC_H
#define JMH_METRIC_METRIC_H

#include "host/util/buf.h"
#include "host/util/err.h"

#include <stdbool.h>

struct jmh_metrics;
struct jmh_metric;

struct jmh_metrics *jmh_metrics_new(void);
void jmh_metrics_free(struct jmh_metrics *metrics);

/* A metric by its full name ("junmai_events_total") and one label (`key="value"`) or NULL; the same
 * one again returns the first. `owner` NULL is the host. NULL with a sentence for an illegal name. */
struct jmh_metric *jmh_metric_declare(struct jmh_metrics *metrics, const char *owner, bool counter,
                                      const char *name, const char *label, const char *help,
                                      struct jmh_err *err);
bool jmh_metrics_has(const struct jmh_metrics *metrics, const char *name, const char *label);
bool jmh_metric_is_of(const struct jmh_metric *metric, const char *owner);
void jmh_metric_add(struct jmh_metric *metric, double amount);
void jmh_metric_set(struct jmh_metric *metric, double value);
bool jmh_metric_is_counter(const struct jmh_metric *metric);
/* Drop those of a plugin that has ended. */
void jmh_metrics_forget(struct jmh_metrics *metrics, const char *owner);
/* By the id that a plugin holds; NULL where it is stale. */
struct jmh_metric *jmh_metric_by_id(const struct jmh_metrics *metrics, jm_id id);
jm_id jmh_metric_id(const struct jmh_metric *metric);
void jmh_metrics_print(const struct jmh_metrics *metrics, struct jmh_buf *out);

#endif
