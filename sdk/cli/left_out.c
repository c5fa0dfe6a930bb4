/* What an import leaves where it is; see left_out.h. */
#include "left_out.h"

#include "memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ENDING_BYTES 9

/* What the host takes along with the photograph that it lies beside. */
static const char *const companions[] = {"aae", "mov", "thm", "wav", "xmp"};

static size_t stem_length(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    const char *dot = strrchr(name, '.');
    return dot != NULL ? (size_t)(dot - path) : strlen(path);
}

/* In small letters; "other" for none, and for what is hardly one. */
static void read_ending(const char *path, char ending_out[ENDING_BYTES])
{
    const char *ending = path + stem_length(path);
    size_t used = 0;
    if (*ending == '.') {
        for (ending++; used < ENDING_BYTES - 1 && isalnum((unsigned char)ending[used]); used++) {
            ending_out[used] = (char)tolower((unsigned char)ending[used]);
        }
    }
    ending_out[used] = '\0';
    if (used == 0 || ending[used] != '\0') {
        memcpy(ending_out, "other", sizeof "other");
    }
}

static bool is_companion(const char *ending)
{
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
        if (strcmp(ending, companions[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The stems by which companions find their photographs: "IMG.CR2" has those of "IMG.xmp" and of
 * "IMG.CR2.xmp". */
static json_t *stems_of(const struct jmc_files *photos)
{
    json_t *stems = json_object();
    for (size_t i = 0; i < photos->count; i++) {
        const char *path = photos->items[i].path;
        (void)json_object_setn_new_nocheck(stems, path, stem_length(path), json_true());
        (void)json_object_set_new_nocheck(stems, path, json_true());
    }
    return stems;
}

json_t *jmc_left_out_count(const struct jmc_scan *scan)
{
    json_t *counts = json_object();
    json_t *stems = stems_of(&scan->photos);
    for (size_t i = 0; i < scan->others.count; i++) {
        const char *path = scan->others.items[i].path;
        char ending[ENDING_BYTES];
        read_ending(path, ending);
        if (is_companion(ending) && json_object_getn(stems, path, stem_length(path)) != NULL) {
            continue;
        }
        const json_int_t before = json_integer_value(json_object_get(counts, ending));
        (void)json_object_set_new(counts, ending, json_integer(before + 1));
    }
    json_decref(stems);
    return counts;
}

char *jmc_left_out_text(const json_t *counts)
{
    struct jmc_buffer list = {0};
    json_int_t total = 0;
    const char *ending;
    json_t *count;
    json_object_foreach((json_t *)counts, ending, count)
    {
        char *part = jmc_textf("%s%lld %s", total > 0 ? ", " : "",
                               (long long)json_integer_value(count), ending);
        jmc_buffer_add(&list, part, strlen(part));
        total += json_integer_value(count);
        free(part);
    }
    char *text = total == 0
                     ? NULL
                     : jmc_textf("%lld file%s left out: %s (name a file to import it all "
                                 "the same)",
                                 (long long)total, total == 1 ? "" : "s", jmc_buffer_text(&list));
    jmc_buffer_fini(&list);
    return text;
}
