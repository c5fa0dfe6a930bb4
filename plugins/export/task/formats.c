/* Each format is tried. Worker process only. */
#include "task/formats.h"

#include "task/answer.h"
#include "task/save.h"

jm_status formats_task(const jm_task_run *run)
{
    struct fault fault = {0};
    json_t *names = json_array();
    for (enum format format = FORMAT_JPEG; format <= FORMAT_DNG; format++) {
        if (format == FORMAT_DNG || save_is_possible(format)) {
            json_array_append_new(names, json_string(format_name(format)));
        }
    }
    answer_send(run, json_pack("{s:o}", "formats", names), &fault);
    return answer_status(run, &fault);
}
