/* junmai codegen: the event types of a host as declarations of a programming language. */
#include "codegen.h"

#include "arguments.h"
#include "exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: junmai codegen LANGUAGE [options]\n"
    "\n"
    "Write the event types of a host, as its plugins declare them, in LANGUAGE: ts (TypeScript) "
    "or\n"
    "python. They go to standard output.\n"
    "\n"
    "  --from FILE        take a saved /asyncapi.json rather than ask the host\n"
    "  --out FILE         write there\n";

static const char example[] = "Example: junmai codegen ts --out src/events.ts\n";

static const struct option options[] = {
    {"from", required_argument, NULL, 'f'},
    {"out", required_argument, NULL, 'o'},
    {NULL, 0, NULL, 0},
};

static const struct language {
    const char *name;
    void (*write)(struct jmc_buffer *out, const struct jmc_event_types *types);
} languages[] = {
    {"ts", jmc_codegen_ts},
    {"python", jmc_codegen_python},
};

struct order {
    const char *from;
    const char *out;
};

static bool take_option(void *user, int key, const char *value)
{
    struct order *order = user;
    if (key == 'f') {
        order->from = value;
    } else {
        order->out = value;
    }
    return true;
}

static const struct language *find_language(const char *name)
{
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (strcmp(languages[i].name, name) == 0) {
            return &languages[i];
        }
    }
    (void)jmc_complain("there is no language '%s' here: ts or python", name);
    return NULL;
}

static json_t *read_document(const struct jmc_cli *cli, const struct order *order, int *exit_out)
{
    json_error_t error;
    if (order->from == NULL) {
        return jmc_ask(cli, "/asyncapi.json", NULL, NULL, exit_out);
    }
    json_t *document = json_load_file(order->from, 0, &error);
    if (document == NULL) {
        *exit_out = jmc_complain("%s cannot be read, line %d: %s; give a saved /asyncapi.json",
                                 order->from, error.line, error.text);
    }
    return document;
}

static int print(const struct order *order, const struct jmc_buffer *text)
{
    FILE *file = order->out != NULL ? fopen(order->out, "we") : stdout;
    if (file == NULL) {
        return jmc_complain("%s cannot be written: %s", order->out, strerror(errno));
    }
    bool written = fwrite(text->bytes, 1, text->used, file) == text->used;
    written = (file == stdout ? fflush(file) : fclose(file)) == 0 && written;
    return written
               ? JMC_OK
               : jmc_complain("%s could not be written to its end: %s",
                              order->out != NULL ? order->out : "standard output", strerror(errno));
}

int jmc_codegen(struct jmc_cli *cli, int argc, char **argv)
{
    struct order order = {0};
    struct jmc_event_types types = {0};
    struct jmc_buffer text = {0};
    const struct jmc_arguments arguments = {help,   example, options, take_option,
                                            &order, 1,       1,       "the language to write in"};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    const struct language *language = find_language(argv[optind]);
    if (language == NULL) {
        return JMC_USAGE;
    }
    json_t *document = read_document(cli, &order, &status);
    if (document == NULL) {
        return status;
    }
    status = JMC_FAILED;
    if (jmc_event_types_init(&types, document)) {
        language->write(&text, &types);
        status = print(&order, &text);
    }
    jmc_buffer_fini(&text);
    jmc_event_types_fini(&types);
    json_decref(document);
    return status;
}
