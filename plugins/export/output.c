/* One output. */
#include "output.h"

#include "preset_fields.h"

#include <stdarg.h>
#include <stdlib.h>

struct export_output *export_output_new(jm_span job, jm_span lease, const char *stem,
                                        json_t *preset_take)
{
    struct export_output *output = calloc(1, sizeof *output);
    if (output == NULL) {
        json_decref(preset_take);
        return NULL;
    }
    output->preset = preset_take;
    output->folder_fd = output->part_fd = output->mark_fd = -1;
    snprintf(output->job, sizeof output->job, "%.*s", JM_SPAN_ARGS(job));
    output->lease = jm_span_dup(lease);
    output->stem = jm_span_dup(jm_span_of(stem));
    if (output->lease != NULL && output->stem != NULL)
        return output;
    export_output_free(output);
    return NULL;
}

void export_output_free(struct export_output *output)
{
    json_decref(output->preset);
    json_decref(output->warnings);
    free(output->lease);
    free(output->stem);
    free(output);
}

void export_output_fail(struct export_output *output, bool is_final, const char *format, ...)
{
    va_list args;
    if (output->state == OUTPUT_FAILED)
        return;
    va_start(args, format);
    vsnprintf(output->reason, sizeof output->reason, format, args);
    va_end(args);
    output->state = OUTPUT_FAILED;
    output->is_final = is_final;
}
