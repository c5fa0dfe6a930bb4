/* A table on a terminal: columns as wide as their widest cell. */
#ifndef JMC_TABLE_H
#define JMC_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct jmc_table {
    size_t columns;
    char **cells; /* row by row; the first row is the heading */
    size_t count, capacity;
};

/* The next cell, to the right or in a new row; copied. NULL is an empty one. */
void jmc_table_add(struct jmc_table *table, const char *text);
void jmc_table_print(const struct jmc_table *table, FILE *out);
void jmc_table_fini(struct jmc_table *table);

#endif
