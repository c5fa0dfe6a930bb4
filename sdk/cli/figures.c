/* The numbers of the host; see figures.h. */
#include "figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where the name of a sample ends: a blank that is not inside its labels. */
static const char *end_of_name(const char *line, const char *end)
{
    const char *labels = memchr(line, '{', (size_t)(end - line));
    const char *blank = memchr(line, ' ', (size_t)(end - line));
    if (labels != NULL && (blank == NULL || labels < blank)) {
        const char *close = memrchr(labels, '}', (size_t)(end - labels));
        return close != NULL ? close + 1 : NULL;
    }
    return blank;
}

json_t *jmc_figures_read(const char *text)
{
    json_t *figures = json_object();
    while (*text != '\0') {
        const size_t bytes = strcspn(text, "\n");
        const char *name_end = text[0] == '#' ? NULL : end_of_name(text, text + bytes);
        if (name_end != NULL) {
            char *name = strndup(text, (size_t)(name_end - text));
            const double value = strtod(name_end, NULL);
            /* JSON has no infinity; jansson makes NULL of it, which is not set. */
            (void)json_object_set_new(figures, name != NULL ? name : "",
                                      floor(value) == value && fabs(value) < 9e15
                                          ? json_integer((json_int_t)value)
                                          : json_real(value));
            free(name);
        }
        text += bytes + (text[bytes] == '\n');
    }
    return figures;
}

double jmc_figure(const json_t *figures, const char *name)
{
    return json_number_value(json_object_get(figures, name));
}
