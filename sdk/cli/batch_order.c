/* Which photographs a batch is of; see batch_order.h. */
#include "batch_order.h"

#include "arguments.h"
#include "exchange.h"
#include "json.h"
#include "memory.h"

#include <stdlib.h>

#define PAGE 1000

json_t *jmc_batch_ids(char *const *texts)
{
    json_t *ids = json_array();
    for (; *texts != NULL; texts++) {
        long long id;
        if (!jmc_arguments_count("PHOTO_ID", *texts, &id)) {
            json_decref(ids);
            return NULL;
        }
        json_array_append_new(ids, json_integer(id));
    }
    return ids;
}

/* One page; how many it had, or -1. */
static int add_page(const struct jmc_cli *cli, long long session, json_t *ids, int *exit_out)
{
    char *path = jmc_textf("/api/photos?session_id=%lld&sort=id&order=asc&limit=%d&offset=%zu",
                           session, PAGE, json_array_size(ids));
    json_t *answer = jmc_ask(cli, path, NULL, NULL, exit_out);
    const json_t *photos = json_object_get(answer, "photos");
    const int count = answer == NULL ? -1 : (int)json_array_size(photos);
    size_t i;
    json_t *photo;
    json_array_foreach(photos, i, photo)
    {
        json_array_append(ids, json_object_get(photo, "id"));
    }
    json_decref(answer);
    free(path);
    return count;
}

json_t *jmc_batch_session_ids(const struct jmc_cli *cli, long long session, int *exit_out)
{
    json_t *ids = json_array();
    int count;
    do {
        count = add_page(cli, session, ids, exit_out);
    } while (count == PAGE);
    if (count >= 0 && json_array_size(ids) == 0) {
        *exit_out =
            jmc_complain("session %lld has no photographs, or there is no such session", session);
        count = -1;
    }
    if (count < 0) {
        json_decref(ids);
        return NULL;
    }
    return ids;
}
