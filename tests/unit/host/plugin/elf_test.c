/* ELF files, cut at every length and changed in every byte of their headers: the check never reads
 * beyond what is there, and takes no file that is not whole. */
#include "host/plugin/elf.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef TEST_PLUGINS
#error "TEST_PLUGINS is the folder with the broken plugins"
#endif

static struct jmh_err err;

static char *read_file(const char *path, size_t *len_out)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    assert_int_equal(fseek(in, 0, SEEK_END), 0);
    *len_out = (size_t)ftell(in);
    rewind(in);
    char *bytes = malloc(*len_out);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *len_out, in), *len_out);
    fclose(in);
    return bytes;
}

static jm_status check_bytes(const char *bytes, size_t len)
{
    char path[] = "/tmp/junmai-elf-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
    jm_status status = jmh_elf_check(path, &err);
    unlink(path);
    return status;
}

static void whole(void **state)
{
    (void)state;
    assert_int_equal(jmh_elf_check(TEST_PLUGINS "/good/good.so", &err), JM_OK);
    assert_int_equal(jmh_elf_check(TEST_PLUGINS "/nothing.so", &err), JM_ENOENT);
    assert_int_equal(jmh_elf_check("/tmp", &err), JM_EINVAL);
    assert_int_equal(jmh_elf_check(TEST_PLUGINS "/good/good.json", &err), JM_EINVAL);
    assert_int_equal(jmh_elf_check(TEST_PLUGINS "/half_written/half_written.so", &err), JM_EINVAL);
    assert_non_null(strstr(err.text, "is not complete"));
}

static void cut_anywhere(void **state)
{
    (void)state;
    size_t len;
    char *bytes = read_file(TEST_PLUGINS "/good/good.so", &len);
    assert_int_equal(check_bytes(bytes, len), JM_OK);
    for (size_t cut = 0; cut < len; cut += cut < 128 ? 1 : len / 50)
        if (check_bytes(bytes, cut) != JM_EINVAL)
            fail_msg("%zu of %zu bytes were taken", cut, len);
    free(bytes);
}

static void another_machine(void **state)
{
    (void)state;
    size_t len;
    char *bytes = read_file(TEST_PLUGINS "/good/good.so", &len);
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)bytes;
    header->e_machine = EM_S390;
    assert_int_equal(check_bytes(bytes, len), JM_EUNSUPPORTED);
    free(bytes);
}

static void any_byte_of_the_header(void **state)
{
    (void)state;
    size_t len;
    char *bytes = read_file(TEST_PLUGINS "/good/good.so", &len);
    for (size_t i = 0; i < sizeof(Elf64_Ehdr); i++) {
        char before = bytes[i];
        bytes[i] = (char)0xff;
        (void)check_bytes(bytes, len);
        bytes[i] = before;
    }
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)bytes;
    header->e_phoff = UINT64_MAX - 8;
    assert_int_equal(check_bytes(bytes, len), JM_EINVAL);
    header->e_phoff = sizeof *header;
    header->e_shoff = UINT64_MAX - 8;
    assert_int_equal(check_bytes(bytes, len), JM_EINVAL);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(another_machine),
        cmocka_unit_test(any_byte_of_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
