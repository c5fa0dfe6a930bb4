/* One output of a run: a job, its preset, and the file that it becomes. Loop thread; what
 * output_files.h says is done on the pool. */
#ifndef EXPORT_OUTPUT_H
#define EXPORT_OUTPUT_H

#include "outputs.h"
#include "template.h"

enum output_state {
    OUTPUT_OPEN,   /* being made */
    OUTPUT_PLACED, /* its file is there, whole, under its name */
    OUTPUT_FOUND,  /* an earlier attempt had placed it, or collision_policy skip found a file */
    OUTPUT_FAILED, /* `reason` says why */
};

struct export_output {
    char job[QUEUE_ID_SIZE];
    char *lease;
    char *stem;
    json_t *preset;              /* the revision that the job was made with */
    struct export_record before; /* of an earlier attempt */
    struct export_record record; /* of this one */
    int folder_fd, part_fd, mark_fd;
    enum output_state state;
    bool is_final; /* of a failure: another attempt cannot help */
    bool skipped;
    bool
        leased; /* we have asked the queue for it; false: the queue has given us one of its places */
    bool asked; /* the renderer was asked for it */
    bool cancelled;
    char reason[EXPORT_REASON_BYTES];
    int64_t bytes; /* what these three say is known once it is placed or found */
    int64_t width, height;
    json_t *warnings;
};

/* NULL when out of memory. The preset's reference is taken. */
struct export_output *export_output_new(jm_span job, jm_span lease, const char *stem,
                                        json_t *preset_take);
void export_output_free(struct export_output *output);

/* The first failure stays. */
void export_output_fail(struct export_output *output, bool is_final, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
