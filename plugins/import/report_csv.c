/* Writing CSV. Pure. [any] */
#include "report_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {"photo_id", "source",    "destination", "role",
                                      "verified", "algorithm", "digest",      "bytes",
                                      "time",     "error",     "stamped"};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static void write_text(FILE *out, const char *text)
{
    const char *formula = strchr("=+-@\t\r", text[0]);
    fputc('"', out);
    if (text[0] != '\0' && formula != NULL) {
        fputc('\'', out);
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_cell(FILE *out, const json_t *value)
{
    if (json_is_string(value)) {
        write_text(out, json_string_value(value));
    } else if (json_is_integer(value)) {
        fprintf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_boolean(value)) {
        fputs(json_is_true(value) ? "true" : "false", out);
    }
}

static void write_lines(FILE *out, const json_t *report)
{
    size_t index;
    const json_t *verdict;
    fputs("import_id", out);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        fprintf(out, ",%s", columns[i]);
    }
    fputs("\r\n", out);
    json_array_foreach(json_object_get(report, "verdicts"), index, verdict)
    {
        write_cell(out, json_object_get(report, "import_id"));
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            fputc(',', out);
            write_cell(out, json_object_get(verdict, columns[i]));
        }
        fputs("\r\n", out);
    }
}

char *report_csv(const json_t *report)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (out == NULL) {
        return NULL;
    }
    write_lines(out, report);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
