/* Text for people: without bytes that would control a terminal, and sizes and times in words. */
#ifndef JMC_TEXT_H
#define JMC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Print a text that came from elsewhere. What is not UTF-8, and characters that control a terminal,
 * are printed as \xNN. */
void jmc_text_print(FILE *out, const char *text, size_t bytes);
/* Columns that it takes on a terminal. */
size_t jmc_text_width(const char *text);

#define JMC_UNIT_BYTES 24

/* "0 B", "999 B", "1.2 MB", "340 GB" */
void jmc_text_bytes(uint64_t bytes, char text_out[JMC_UNIT_BYTES]);
/* "45 s", "2 min 5 s", "3 h 20 min", "12 d 4 h" */
void jmc_text_seconds(double seconds, char text_out[JMC_UNIT_BYTES]);

/* Whether colours are welcome there: a terminal that can, and NO_COLOR not set. */
bool jmc_text_is_colourful(FILE *out);

#endif
