/* The tests of jmt_host, and the program that stands for junmaid in them. */
#ifndef JMT_CLIENT_TEST_HOST_H
#define JMT_CLIENT_TEST_HOST_H

/* What client_test does when it is started under the name junmaid. */
int host_program_main(int argc, char **argv);

void test_host_lifecycle(void **state);
void test_host_log(void **state);
void test_host_bad_starts(void **state);

#endif
