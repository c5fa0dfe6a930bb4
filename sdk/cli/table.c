/* Tables; see table.h. */
#include "table.h"

#include "memory.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2

void jmc_table_add(struct jmc_table *table, const char *text)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity * 2 + 32;
        table->cells = jmc_memory_resize(table->cells, table->capacity, sizeof *table->cells);
    }
    table->cells[table->count++] = jmc_text_copy(text != NULL ? text : "");
}

static size_t column_width(const struct jmc_table *table, size_t column)
{
    size_t widest = 0;
    for (size_t i = column; i < table->count; i += table->columns) {
        const size_t width = jmc_text_width(table->cells[i]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

void jmc_table_print(const struct jmc_table *table, FILE *out)
{
    for (size_t i = 0; i < table->count; i++) {
        const char *text = table->cells[i];
        const size_t column = i % table->columns;
        jmc_text_print(out, text, strlen(text));
        if (column == table->columns - 1) {
            fputc('\n', out);
        } else {
            const size_t width = column_width(table, column) + GAP;
            fprintf(out, "%*s", (int)(width - jmc_text_width(text)), "");
        }
    }
}

void jmc_table_fini(struct jmc_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
    *table = (struct jmc_table){0};
}
