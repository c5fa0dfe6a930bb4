/* What is read out of the kernel's texts. */
#include "check.h"

#include "sample.h"

static void test_stat(void **state)
{
    struct sample sample = {0};
    (void)state;
    sample_parse_stat("cpu  100 10 50 800 40 1 2 3 7 9\n"
                      "cpu0 60 5 25 400 20 1 1 2 0 0\n"
                      "cpu1 40 5 25 400 20 0 1 1 0 0\n"
                      "intr 12345 6 7\nctxt 1\n",
                      &sample);
    assert_int_equal(sample.core_count, 2);
    assert_int_equal(sample.all.total, 1006);
    assert_int_equal(sample.all.busy, 166);
    assert_int_equal(sample.cores[1].total, 492);
    assert_int_equal(sample.cores[1].busy, 72);
}

/* Cut off, empty, nonsense: nothing is read, and nothing else happens. */
static void test_bad_texts(void **state)
{
    static const char *const texts[] = {"", "cpu", "cpu ", "cpu0", "cpu x y", "cpu0\ncpu1", "\n\n"};
    struct sample sample = {0};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sample_parse_stat(texts[i], &sample);
        sample_parse_meminfo(texts[i], &sample);
        sample_parse_cpuinfo(texts[i], &sample);
        sample_parse_loadavg(texts[i], &sample);
        assert_int_equal(sample.core_count, 0);
        assert_int_equal(sample.all.total, 0);
        assert_true(sample.memory_total_mb == 0);
    }
}

static void test_many_cores(void **state)
{
    static char text[SAMPLE_CORES_MAX * 2 * 32];
    struct sample sample = {0};
    size_t used = 0;
    (void)state;
    for (int i = 0; i < SAMPLE_CORES_MAX * 2; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "cpu%d 1 0 0 1\n", i);
    sample_parse_stat(text, &sample);
    assert_int_equal(sample.core_count, SAMPLE_CORES_MAX);
}

static void test_rest(void **state)
{
    struct sample sample = {0};
    (void)state;
    sample_parse_meminfo(
        "MemTotal:       16384000 kB\nMemFree: 1 kB\nMemAvailable:    8192000 kB\n", &sample);
    assert_true(sample.memory_total_mb == 16000);
    assert_true(sample.memory_available_mb == 8000);
    sample_parse_cpuinfo("processor\t: 0\ncpu MHz\t\t: 2400.123\n", &sample);
    assert_true(sample.frequency_mhz == 2400.1);
    sample_parse_loadavg("0.52 1.25 2.00 3/512 1234\n", &sample);
    assert_true(sample.load[0] == 0.52 && sample.load[1] == 1.25 && sample.load[2] == 2);
}

static void test_percent(void **state)
{
    const struct cpu_times start = {100, 1000};
    (void)state;
    assert_true(sample_percent(&start, &(struct cpu_times){150, 1100}) == 50);
    assert_true(sample_percent(&start, &(struct cpu_times){133, 1100}) == 33);
    assert_true(sample_percent(&start, &(struct cpu_times){101, 1003}) == 33.3);
    assert_true(sample_percent(&start, &start) == 0);
    assert_true(sample_percent(&start, &(struct cpu_times){99, 1100}) == 0);
    assert_true(sample_percent(&start, &(struct cpu_times){300, 1100}) == 100);
}

static void test_this_machine(void **state)
{
    static struct sample sample;
    (void)state;
    sample_read(&sample);
    assert_true(sample.core_count > 0);
    assert_true(sample.all.total > 0);
    assert_true(sample.memory_total_mb > sample.memory_available_mb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stat),       cmocka_unit_test(test_bad_texts),
        cmocka_unit_test(test_many_cores), cmocka_unit_test(test_rest),
        cmocka_unit_test(test_percent),    cmocka_unit_test(test_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
