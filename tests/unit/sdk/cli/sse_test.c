/* The parser of server-sent events, against the rules of the HTML standard. */
#include "check.h"

#include "cli/sse.h"

static char seen[4096];

static void take(void *user, const struct jmc_sse_event *event)
{
    (void)user;
    const size_t used = strlen(seen);
    snprintf(seen + used, sizeof seen - used, "<%s|%s|%.*s>", event->id != NULL ? event->id : "-",
             event->type, (int)event->data_bytes, event->data);
}

static void expect_pieces(const char *text, size_t piece_bytes, const char *expected)
{
    struct jmc_sse sse = {.take = take};
    const size_t bytes = strlen(text);
    seen[0] = '\0';
    for (size_t i = 0; i < bytes; i += piece_bytes) {
        const size_t left = bytes - i;
        assert_true(jmc_sse_feed(&sse, text + i, left < piece_bytes ? left : piece_bytes));
    }
    assert_string_equal(seen, expected);
    jmc_sse_fini(&sse);
}

/* However the bytes are cut. */
static void expect(const char *text, const char *expected)
{
    for (size_t piece_bytes = 1; piece_bytes <= strlen(text); piece_bytes++) {
        expect_pieces(text, piece_bytes, expected);
    }
}

static void test_events(void **state)
{
    (void)state;
    expect("id: abc:5\ndata: {\"a\":1}\n\n", "<abc:5|message|{\"a\":1}>");
    expect("data: x\n\ndata: y\n\n", "<-|message|x><-|message|y>");
    expect("event: e\ndata:x\ndata:  y\ndata\n\n", "<-|e|x\n y\n>");
    expect("data: never ended\n", "");
    expect("id: 7\n\ndata: x\n\n", "<-|message|x>");
}

static void test_line_ends(void **state)
{
    (void)state;
    expect("data: x\r\n\r\ndata: y\r\rdata: z\n\n", "<-|message|x><-|message|y><-|message|z>");
    expect("data: a\rdata: b\r\n\n", "<-|message|a\nb>");
}

static void test_what_is_no_event(void **state)
{
    (void)state;
    expect(": a comment\n\n:\n\nretry: 1500\n\nunknown: x\n\n\n\n", "");
    expect(":data: x\ndata: y\n\n", "<-|message|y>");
}

static void test_reset(void **state)
{
    (void)state;
    struct jmc_sse sse = {.take = take};
    seen[0] = '\0';
    assert_true(jmc_sse_feed(&sse, "id: 1\ndata: half", 16));
    jmc_sse_reset(&sse);
    assert_true(jmc_sse_feed(&sse, "data: whole\n\n", 13));
    assert_string_equal(seen, "<-|message|whole>");
    jmc_sse_fini(&sse);
}

static void test_too_large(void **state)
{
    (void)state;
    struct jmc_sse sse = {.take = take};
    static char piece[1u << 20];
    memset(piece, 'x', sizeof piece);
    size_t fed = 0;
    while (jmc_sse_feed(&sse, piece, sizeof piece)) {
        fed += sizeof piece;
        assert_true(fed <= JMC_SSE_EVENT_BYTES);
    }
    jmc_sse_fini(&sse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),           cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_what_is_no_event), cmocka_unit_test(test_reset),
        cmocka_unit_test(test_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
