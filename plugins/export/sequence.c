/* Numbers for {sequence}: each preset counts in each session. */
#include "presets.h"

jm_status export_sequence_next(const struct export_core *core, int64_t preset, int64_t session,
                               int64_t start, bool advance, int64_t *number_out)
{
    const jm_value key[] = {JM_INT(preset), JM_INT(session)};
    int64_t next = start;
    jm_status status =
        export_exec(core, "SELECT next FROM export_sequences WHERE preset = ?1 AND session = ?2",
                    key, jm_row_integer, &next, NULL);
    *number_out = next > start ? next : start;
    const jm_value args[] = {JM_INT(preset), JM_INT(session), JM_INT(*number_out + 1)};
    if (status == JM_OK && advance)
        status = export_exec(core,
                             "INSERT INTO export_sequences(preset, session, next)"
                             " VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET next = excluded.next",
                             args, NULL, NULL, NULL);
    return status;
}
