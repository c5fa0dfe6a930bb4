/* Metrics. [loop] */
#include "host/metric/metric.h"

#include "host/util/span.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct jmh_metric {
    jm_id id;
    char *owner; /* NULL: the host */
    bool counter;
    char *name, *label, *help;
    double value;
    TAILQ_ENTRY(jmh_metric) next;
};

struct jmh_metrics {
    TAILQ_HEAD(, jmh_metric) list; /* those of one name stand together */
    jm_id last_id;
};

struct jmh_metrics *jmh_metrics_new(void)
{
    struct jmh_metrics *metrics = calloc(1, sizeof *metrics);
    if (metrics != NULL) {
        TAILQ_INIT(&metrics->list);
    }
    return metrics;
}

static void metric_free(struct jmh_metric *metric)
{
    free(metric->owner);
    free(metric->name);
    free(metric->label);
    free(metric->help);
    free(metric);
}

void jmh_metrics_free(struct jmh_metrics *metrics)
{
    if (metrics == NULL) {
        return;
    }
    struct jmh_metric *metric;
    while ((metric = TAILQ_FIRST(&metrics->list)) != NULL) {
        TAILQ_REMOVE(&metrics->list, metric, next);
        metric_free(metric);
    }
    free(metrics);
}

static bool is_metric_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && name[len] == '\0' && (name[0] < '0' || name[0] > '9');
}

/* A label is key="value" without characters that would end it. */
static bool is_label(const char *label)
{
    size_t key = strspn(label, "abcdefghijklmnopqrstuvwxyz_");
    size_t len = strlen(label);
    return key > 0 && strncmp(label + key, "=\"", 2) == 0 && len > key + 2 &&
           strcspn(label + key + 2, "\"\\\n") == len - key - 3 && label[len - 1] == '"';
}

static struct jmh_metric *find(const struct jmh_metrics *metrics, const char *name,
                               const char *label)
{
    struct jmh_metric *metric;
    TAILQ_FOREACH(metric, &metrics->list, next)
    {
        const char *other = metric->label != NULL ? metric->label : "";
        if (strcmp(metric->name, name) == 0 && strcmp(other, label != NULL ? label : "") == 0) {
            return metric;
        }
    }
    return NULL;
}

static bool ends_in_total(const char *name)
{
    size_t len = strlen(name);
    return len > 6 && strcmp(name + len - 6, "_total") == 0;
}

static char *dup_or_null(const char *text)
{
    return text != NULL ? jmh_span_dup(jmh_span(text)) : NULL;
}

/* Behind the last of its name, so that they are printed together. */
static void insert(struct jmh_metrics *metrics, struct jmh_metric *metric)
{
    struct jmh_metric *other;
    struct jmh_metric *last = NULL;
    TAILQ_FOREACH(other, &metrics->list, next)
    {
        last = strcmp(other->name, metric->name) == 0 ? other : last;
    }
    if (last != NULL) {
        TAILQ_INSERT_AFTER(&metrics->list, last, metric, next);
    } else {
        TAILQ_INSERT_TAIL(&metrics->list, metric, next);
    }
}

struct jmh_metric *jmh_metric_declare(struct jmh_metrics *metrics, const char *owner, bool counter,
                                      const char *name, const char *label, const char *help,
                                      struct jmh_err *err)
{
    if (!is_metric_name(name) || (label != NULL && !is_label(label)) ||
        counter != ends_in_total(name)) {
        (void)jmh_err_set(err, JM_EINVAL,
                          "'%s' is no name of a %s: lower case and _, and _total at "
                          "the end of counters alone",
                          name, counter ? "counter" : "gauge");
        return NULL;
    }
    struct jmh_metric *metric = find(metrics, name, label);
    if (metric != NULL) {
        return metric;
    }
    metric = calloc(1, sizeof *metric);
    if (metric == NULL) {
        (void)jmh_err_set(err, JM_ENOMEM, "no memory for the metric '%s'", name);
        return NULL;
    }
    metric->id = ++metrics->last_id;
    metric->owner = dup_or_null(owner);
    metric->counter = counter;
    metric->name = dup_or_null(name);
    metric->label = dup_or_null(label);
    metric->help = dup_or_null(help != NULL ? help : "");
    if (metric->name == NULL || metric->help == NULL) {
        metric_free(metric);
        (void)jmh_err_set(err, JM_ENOMEM, "no memory for the metric '%s'", name);
        return NULL;
    }
    insert(metrics, metric);
    return metric;
}

bool jmh_metrics_has(const struct jmh_metrics *metrics, const char *name, const char *label)
{
    return find(metrics, name, label) != NULL;
}

bool jmh_metric_is_of(const struct jmh_metric *metric, const char *owner)
{
    return metric->owner != NULL && strcmp(metric->owner, owner) == 0;
}

void jmh_metric_add(struct jmh_metric *metric, double amount)
{
    metric->value += amount;
}

void jmh_metric_set(struct jmh_metric *metric, double value)
{
    metric->value = value;
}

bool jmh_metric_is_counter(const struct jmh_metric *metric)
{
    return metric->counter;
}

void jmh_metrics_forget(struct jmh_metrics *metrics, const char *owner)
{
    struct jmh_metric *metric = TAILQ_FIRST(&metrics->list);
    while (metric != NULL) {
        struct jmh_metric *next = TAILQ_NEXT(metric, next);
        if (metric->owner != NULL && strcmp(metric->owner, owner) == 0) {
            TAILQ_REMOVE(&metrics->list, metric, next);
            metric_free(metric);
        }
        metric = next;
    }
}

struct jmh_metric *jmh_metric_by_id(const struct jmh_metrics *metrics, jm_id id)
{
    struct jmh_metric *metric;
    TAILQ_FOREACH(metric, &metrics->list, next)
    {
        if (metric->id == id) {
            return metric;
        }
    }
    return NULL;
}

jm_id jmh_metric_id(const struct jmh_metric *metric)
{
    return metric->id;
}

/* A help text ends its line, and a backslash begins an escape. */
static void add_help(struct jmh_buf *out, const char *help)
{
    for (const char *at = help; *at != '\0'; at++) {
        jmh_buf_add(out, "\\", *at == '\\' || *at == '\n' ? 1 : 0);
        jmh_buf_add(out, *at == '\n' ? "n" : at, 1);
    }
}

void jmh_metrics_print(const struct jmh_metrics *metrics, struct jmh_buf *out)
{
    const char *last = "";
    const struct jmh_metric *metric;
    TAILQ_FOREACH(metric, &metrics->list, next)
    {
        if (strcmp(metric->name, last) != 0) {
            jmh_buf_addf(out, "# HELP %s ", metric->name);
            add_help(out, metric->help);
            jmh_buf_addf(out, "\n# TYPE %s %s\n", metric->name,
                         metric->counter ? "counter" : "gauge");
            last = metric->name;
        }
        jmh_buf_add_text(out, metric->name);
        if (metric->label != NULL) {
            jmh_buf_addf(out, "{%s}", metric->label);
        }
        if (isfinite(metric->value) && floor(metric->value) == metric->value &&
            fabs(metric->value) < 1e15) {
            jmh_buf_addf(out, " %.0f\n", metric->value);
        } else {
            jmh_buf_addf(out, " %.9g\n", metric->value);
        }
    }
}
