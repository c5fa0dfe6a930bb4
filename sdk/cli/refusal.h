/* Why the host refuses a file, said so that the same reason is the same sentence for every file. */
#ifndef JMC_REFUSAL_H
#define JMC_REFUSAL_H

/* The sentence with "it" where it names the file, and without "FILE: " at its begin and ": FILE" at
 * its end; to free(). */
char *jmc_refusal_reason(const char *path, const char *sentence);

#endif
