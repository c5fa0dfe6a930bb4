/* Why the host refuses a file; see refusal.h. */
#include "refusal.h"

#include "memory.h"

#include <stdbool.h>
#include <string.h>

/* Where a sentence has that name as words of their own, or NULL. */
static const char *find(const char *sentence, const char *name)
{
    const size_t bytes = strlen(name);
    const char *at = bytes > 0 ? strstr(sentence, name) : NULL;
    for (; at != NULL; at = strstr(at + 1, name)) {
        const bool begins = at == sentence || at[-1] == ' ';
        if (begins && strchr(" :,", at[bytes]) != NULL) { /* or its end */
            return at;
        }
    }
    return NULL;
}

char *jmc_refusal_reason(const char *path, const char *sentence)
{
    const char *slash = strrchr(path, '/');
    const char *name = path;
    const char *at = find(sentence, path);
    if (at == NULL && slash != NULL) {
        name = slash + 1;
        at = find(sentence, name);
    }
    if (at == NULL) {
        return jmc_text_copy(sentence);
    }
    const char *rest = at + strlen(name);
    const int before = (int)(at - sentence);
    if (before == 0 && strncmp(rest, ": ", 2) == 0) {
        return jmc_text_copy(rest + 2);
    }
    if (rest[0] == '\0' && before > 2 && strncmp(at - 2, ": ", 2) == 0) {
        return jmc_textf("%.*s", before - 2, sentence);
    }
    return jmc_textf("%.*sit%s", before, sentence, rest);
}
