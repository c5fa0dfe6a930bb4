/* Runs the task `metadata` in the test's own process, as a worker would. */
#ifndef IMPORT_TESTS_TASK_DRIVER_H
#define IMPORT_TESTS_TASK_DRIVER_H

#include <jansson.h>
#include <junmai/task.h>

struct task_outcome {
    jm_status status;
    json_t *result;   /* owned; NULL unless the task succeeded */
    char reason[512]; /* "" unless it failed */
};

/* On a file, under the name that it has. */
struct task_outcome task_run_file(const char *path);

/* On bytes of the test's own, under any name. */
struct task_outcome task_run_bytes(const void *bytes, size_t len, const char *name);

void task_outcome_fini(struct task_outcome *outcome);

/* Whether "warnings" of the result has `name`. */
int task_outcome_warns(const struct task_outcome *outcome, const char *name);

#endif
