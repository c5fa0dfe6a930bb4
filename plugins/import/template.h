/* Templates of folders and names: text with {variables}. Pure. [any]
 *
 * A variable without a value is empty; a folder that becomes empty is left out, and a name that
 * becomes empty is the original one. What a value brings along that no file system likes becomes '_',
 * but for {original}, which has been a file's name already. */
#ifndef IMPORT_TEMPLATE_H
#define IMPORT_TEMPLATE_H

#include "moment.h"
#include "naming.h"

#define TEMPLATE_REASON_BYTES 160

enum template_kind { TEMPLATE_FOLDER, TEMPLATE_NAME };

/* What the variables stand for. Texts may be NULL. */
struct template_values {
    struct moment moment;
    const char *camera;
    const char *make;
    const char *lens;
    const char *session;
    const char *original; /* the file's name, with its extension */
    const char *text;
    int64_t iso; /* 0: not known */
    uint64_t sequence;
};

/* Whether the template can be used; the reason says why not. */
bool template_check(const char *template, enum template_kind kind,
                    char reason_out[TEMPLATE_REASON_BYTES]);

/* Whether it has the variable. */
bool template_uses(const char *template, const char *variable);

/* A folder below the library: no empty, "." or ".." part, each at most 255 bytes. */
void template_folder(const char *template, const struct template_values *values,
                     char folder_out[FOLDER_BYTES]);

/* A file's name; the extension of the original always follows. */
void template_name(const char *template, const struct template_values *values,
                   char name_out[NAME_BYTES]);

#endif
