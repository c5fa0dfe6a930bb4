/* Numbers of photographs, in the store. */
#include "sequence.h"

#include <junmai/sdk/store.h>

jm_status sequence_next(const struct import_core *core, int64_t session, uint64_t *number_out)
{
    int64_t number = 0;
    jm_value args[] = {JM_INT(session)};
    jm_status status =
        core->store->exec(core->host,
                          "INSERT INTO import_sequences(session_id, last) VALUES(?1, 1)"
                          " ON CONFLICT(session_id) DO UPDATE SET last = last + 1 RETURNING last",
                          args, JM_COUNT(args), jm_row_integer, &number, NULL);
    *number_out = (uint64_t)number;
    return status;
}
