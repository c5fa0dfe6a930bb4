/* What has become of the files of an import; see import_report.h. */
#include "import_report.h"

#include "json.h"
#include "left_out.h"
#include "memory.h"
#include "refusal.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXAMPLES 3 /* files that are named of those with one fate */

/* [path, [names]] of each photograph that came in with warnings. */
static json_t *collect_warnings(const json_t *success)
{
    json_t *warnings = json_array();
    size_t i;
    json_t *photo;
    json_array_foreach(success, i, photo)
    {
        json_t *names = json_object_get(photo, "warnings");
        if (json_array_size(names) > 0) {
            (void)json_array_append_new(
                warnings, json_pack("[s, O]", jmc_json_text(photo, "original_path"), names));
        }
    }
    return warnings;
}

static const char *text_of(const json_t *text)
{
    return json_is_string(text) ? json_string_value(text) : "?";
}

/* What is said about a file: a sentence, or names, with commas between them; to free(). */
static char *words_of(const json_t *verdict)
{
    const json_t *said = json_array_get(verdict, 1);
    char *words = NULL;
    size_t i;
    json_t *name;
    json_array_foreach(said, i, name)
    {
        char *longer = words == NULL ? jmc_text_copy(text_of(name))
                                     : jmc_textf("%s, %s", words, text_of(name));
        free(words);
        words = longer;
    }
    return words != NULL ? words
                         : jmc_refusal_reason(text_of(json_array_get(verdict, 0)), text_of(said));
}

/* Files by what is said about them: {"sentence": [paths]}. */
static json_t *group(const json_t *verdicts)
{
    json_t *groups = json_object();
    size_t i;
    json_t *verdict;
    json_array_foreach(verdicts, i, verdict)
    {
        char *words = words_of(verdict);
        json_t *paths = json_object_get(groups, words);
        if (paths == NULL) {
            paths = json_array();
            (void)json_object_set_new(groups, words, paths);
        }
        (void)json_array_append(paths, json_array_get(verdict, 0));
        free(words);
    }
    return groups;
}

static void print_path(const json_t *path)
{
    jmc_text_print(stdout, text_of(path), strlen(text_of(path)));
}

/* "(a, b, c, …)": --json names them all. */
static void print_examples(const json_t *paths)
{
    const size_t count = json_array_size(paths);
    for (size_t i = 0; i < count && i < EXAMPLES; i++) {
        fputs(i == 0 ? " (" : ", ", stdout);
        print_path(json_array_get(paths, i));
    }
    fputs(count > EXAMPLES ? ", …)" : ")", stdout);
}

void jmc_import_print_verdicts(const char *kind, const json_t *verdicts)
{
    json_t *groups = group(verdicts);
    const char *words;
    json_t *paths;
    json_object_foreach(groups, words, paths)
    {
        const size_t count = json_array_size(paths);
        printf("  %s: ", kind);
        if (count > 1) {
            printf("%zu files", count);
        } else {
            print_path(json_array_get(paths, 0));
        }
        fputs(": ", stdout);
        jmc_text_print(stdout, words, strlen(words));
        if (count > 1) {
            print_examples(paths);
        }
        (void)putchar('\n');
    }
    json_decref(groups);
}

static size_t count_unsent(const struct jmc_import *import)
{
    return import->scan.photos.count - json_array_size(import->success) -
           json_array_size(import->duplicates) - json_array_size(import->errors);
}

static void print_json(const struct jmc_import *import, json_t *warnings, json_t *left_out)
{
    json_t *document = json_pack(
        "{s:I, s:I, s:I, s:O, s:O, s:O, s:O, s:O}", "total", (json_int_t)import->scan.photos.count,
        "imported", (json_int_t)json_array_size(import->success), "unsent",
        (json_int_t)count_unsent(import), "success", import->success, "duplicates",
        import->duplicates, "errors", import->errors, "warnings", warnings, "left_out", left_out);
    (void)json_object_set_new(document, "session_id",
                              import->session != 0 ? json_integer(import->session) : json_null());
    jmc_json_print(document);
}

static void print_text(const struct jmc_import *import, const json_t *warnings,
                       const json_t *left_out)
{
    const size_t total = import->scan.photos.count;
    const size_t unsent = count_unsent(import);
    char *left_out_text = jmc_left_out_text(left_out);
    printf("%zu photograph%s: %zu imported, %zu in the library already, %zu failed", total,
           total == 1 ? "" : "s", json_array_size(import->success),
           json_array_size(import->duplicates), json_array_size(import->errors));
    if (unsent > 0) {
        printf(", %zu not judged", unsent);
    }
    (void)putchar('\n');
    jmc_import_print_verdicts("failed", import->errors);
    if (json_array_size(warnings) > 0) {
        printf("%zu with warnings:\n", json_array_size(warnings));
        jmc_import_print_verdicts("warning", warnings);
    }
    if (left_out_text != NULL) {
        (void)puts(left_out_text);
    }
    free(left_out_text);
}

void jmc_import_report(const struct jmc_import *import)
{
    json_t *warnings = collect_warnings(import->success);
    json_t *left_out = jmc_left_out_count(&import->scan);
    if (import->cli->json) {
        print_json(import, warnings, left_out);
    } else {
        print_text(import, warnings, left_out);
    }
    json_decref(warnings);
    json_decref(left_out);
}
