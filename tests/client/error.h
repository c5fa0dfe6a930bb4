/*
 * The last failure as a sentence. Every call of this library that fails returns -1 (or NULL) and
 * leaves here what failed, on what and why, so that a test can print it. One sentence a thread.
 */
#ifndef JMT_ERROR_H
#define JMT_ERROR_H

/* Keeps the sentence and returns -1, so that `return jmt_error_set(...)` is a whole branch. */
int jmt_error_set(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The sentence of this thread's last failure; empty when nothing has failed yet. */
const char *jmt_error_text(void);

#endif
