/* error_occurred. */
#include "trouble.h"

#include <junmai/sdk/json.h>

void trouble_tell(const struct preview_core *core, const struct photo *photo, const char *type,
                  const char *sentence)
{
    JM_LOGF(core->log, core->host, JM_LOG_ERROR, "%s: %s", photo->path, sentence);
    json_t *fields =
        json_pack("{s:s, s:s, s:{s:s}, s:I}", "error_type", type, "error_message", sentence,
                  "error_details", "path", photo->path, "photo_id", (json_int_t)photo->id);
    if (jm_json_publish(core->event, core->host, "error_occurred", fields) < 0) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING, "error_occurred was not published: %.*s",
                JM_SPAN_ARGS(core->error->last(core->host)));
    }
}
