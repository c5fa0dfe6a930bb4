/* A jm_task_run of the test's own. */
#define _GNU_SOURCE
#include "task_driver.h"

#include "task/metadata.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void take_progress(const jm_task_run *run, double percent, jm_span detail_json)
{
    (void)run;
    (void)percent;
    (void)detail_json;
}

static int32_t never_cancelled(const jm_task_run *run)
{
    (void)run;
    return 0;
}

static jm_status take_result(const jm_task_run *run, jm_span json)
{
    struct task_outcome *outcome = run->run_data;
    json_decref(outcome->result);
    outcome->result = json_loadb(json.ptr, json.len, 0, NULL);
    return json_is_object(outcome->result) ? JM_OK : JM_EINVAL;
}

static void take_failure(const jm_task_run *run, jm_span sentence)
{
    struct task_outcome *outcome = run->run_data;
    size_t len = sentence.len < sizeof outcome->reason ? sentence.len : sizeof outcome->reason - 1;
    memcpy(outcome->reason, sentence.ptr, len);
    outcome->reason[len] = '\0';
}

static struct task_outcome run_on(int fd, const char *name)
{
    struct task_outcome outcome = {0};
    json_t *request = json_pack("{s:s}", "name", name);
    char *text = json_dumps(request, JSON_COMPACT);
    jm_task_run run = {
        .size = sizeof run,
        .fd_count = 1,
        .fds = &fd,
        .request = {text, strlen(text)},
        .run_data = &outcome,
        .progress = take_progress,
        .cancelled = never_cancelled,
        .result = take_result,
        .fail = take_failure,
    };
    outcome.status = metadata_task(&run);
    free(text);
    json_decref(request);
    return outcome;
}

struct task_outcome task_run_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct task_outcome outcome = run_on(fd, slash == NULL ? path : slash + 1);
    close(fd);
    return outcome;
}

struct task_outcome task_run_bytes(const void *bytes, size_t len, const char *name)
{
    struct task_outcome outcome = {.status = JM_EIO, .reason = "no memory file"};
    int fd = memfd_create("import-test", MFD_CLOEXEC);
    if (fd >= 0 && write(fd, bytes, len) == (ssize_t)len) {
        outcome = run_on(fd, name);
    }
    close(fd);
    return outcome;
}

void task_outcome_fini(struct task_outcome *outcome)
{
    json_decref(outcome->result);
    outcome->result = NULL;
}

int task_outcome_warns(const struct task_outcome *outcome, const char *name)
{
    const json_t *warnings = json_object_get(outcome->result, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        if (strcmp(json_string_value(json_array_get(warnings, i)), name) == 0) {
            return 1;
        }
    }
    return 0;
}
