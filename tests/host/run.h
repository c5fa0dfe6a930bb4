/* A junmaid that is expected to end by itself: its exit status and what it said. */
#ifndef HOST_TESTS_RUN_H
#define HOST_TESTS_RUN_H

struct run {
    int status;
    char *out; /* its standard output */
    char *err; /* its standard error */
};

/* Runs junmaid with these arguments (NULL-terminated, without the program) until it ends. */
void run_host(struct run *run_out, const char *const *arguments);
void run_fini(struct run *run);

/* The path of junmaid, to free(). */
char *run_program(void);

/* `what` is a text, in which these words must be. */
void expect_words(const char *what, const char *text, const char *words);

#endif
