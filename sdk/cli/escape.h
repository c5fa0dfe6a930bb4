/* File names in the texts of a backup. A name is any bytes; here each comes back as it was: what is not
 * UTF-8, controls, and '%' are written as %XX. */
#ifndef JMC_ESCAPE_H
#define JMC_ESCAPE_H

/* To free(). */
char *jmc_escape(const char *name);
char *jmc_unescape(const char *text);

#endif
