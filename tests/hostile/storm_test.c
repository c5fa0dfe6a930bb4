/* A storm of malicious connections, each another of the tricks that the other tests try one by one, many
 * at once: 3,000 of them, or 100,000 with JUNMAI_TEST_FULL=1 (./dev fuzz). The host must answer in time
 * all the while, and be idle and alone afterwards. The seed is printed; JUNMAI_TEST_SEED repeats a run. */
#include "victim.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define USUAL 3000
#define FULL 100000
#define HELD 64 /* connections that are left hanging at any time */
#define LOOK_EVERY 1000

#define UPGRADE                                                                  \
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" \
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
#define HANDSHAKE "GET /ws HTTP/1.1\r\n" HEADERS UPGRADE

struct trick {
    const char *bytes;
    size_t len; /* 0: of the text */
};

static const struct trick tricks[] = {
    {POST_EVENT POST_EVENT POST_EVENT, 0},
    {GET_NOTHING POST_EVENT GET_NOTHING, 0},
    {"POST /websocket/broadcast HTTP/1.1\r\n" HEADERS "Content-Length: 29\r\n\r\n{\"type\"", 0},
    {"POST /websocket/broadcast HTTP/1.1\r\n" HEADERS
     "Transfer-Encoding: chunked\r\n\r\n1d\r\n" EVENT_BODY "\r\n0\r\n\r\n",
     0},
    {"POST /x HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 0},
    {"POST /x HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 0},
    {"POST /x HTTP/1.1\r\n" HEADERS "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 0},
    {"POST /x HTTP/1.1\r\n" HEADERS
     "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     0},
    {"POST /x HTTP/1.1\r\n" HEADERS "Content-Length: -1\r\n\r\nabc", 0},
    {"POST /x HTTP/1.1\r\n" HEADERS "Content-Length: 99999999999999999999\r\n\r\nabc", 0},
    {GET_NOTHING "GET / HTTP/1.1\r\n" HEADERS "Connection: Upgrade\r\nUpgrade: foo\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" HEADERS "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
     "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
     0},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0},
    {"GET /events?channels=jobs HTTP/1.1\r\n" HEADERS "\r\n", 0},
    {"GET /events?channels=jobs HTTP/1.1\r\n" HEADERS "\r\nmore bytes than were asked for", 0},
    {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n" HEADERS "X: ", 0},
    {"CONNECT localhost:80 HTTP/1.1\r\n" HEADERS "\r\n", 0},
    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11},
    {HANDSHAKE, 0},
    {HANDSHAKE "\x81\x05hello", 0},                            /* not masked */
    {HANDSHAKE "\x01\x82\x01\x02\x03\x04\x05\x06", 0},         /* a message without an end */
    {HANDSHAKE "\x83\x80\x01\x02\x03\x04", 0},                 /* a reserved opcode */
    {HANDSHAKE "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 0}, /* a message of 2^63 bytes */
    {HANDSHAKE "\x89\xfe\x01\x02\x01\x02\x03\x04", 0},         /* a long ping */
    {HANDSHAKE "\x88\x81\x01\x02\x03\x04\x05", 0},             /* a close frame of one byte */
    {HANDSHAKE "\x80\x82\x01\x02\x03\x04\x05\x06", 0},         /* a continuation of nothing */
    {"GET /ws HTTP/1.1\r\n" HEADERS "Sec-WebSocket-Protocol: nonsense\r\n" UPGRADE, 0},
    {"GET /ws HTTP/1.1\r\n" HEADERS "Origin: http://evil.example\r\n" UPGRADE, 0},
};

static struct victim victim;

static unsigned rounds(void)
{
    const char *full = getenv("JUNMAI_TEST_FULL");
    return full != NULL && full[0] != '\0' && strcmp(full, "0") != 0 ? FULL : USUAL;
}

static unsigned seed(void)
{
    const char *given = getenv("JUNMAI_TEST_SEED");
    unsigned value = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    print_message("seed %u, %u connections\n", value, rounds());
    return value;
}

static int dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)victim.host.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* A reset for most, so that the machine does not run out of ports; an orderly end for some. */
static void hang_up(int fd, int dice)
{
    const struct linger reset = {1, 0};
    if (fd >= 0 && dice % 8 != 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* One trick, whole or cut, perhaps with garbage behind it. The host may hang up at any time. */
static int attack(unsigned *state)
{
    const struct trick *trick = &tricks[(size_t)rand_r(state) % (sizeof tricks / sizeof tricks[0])];
    size_t len = trick->len > 0 ? trick->len : strlen(trick->bytes);
    int fd = dial();
    if (rand_r(state) % 4 == 0) {
        len = (size_t)rand_r(state) % (len + 1);
    }
    (void)!send(fd, trick->bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (rand_r(state) % 4 == 0) {
        unsigned char garbage[64];
        for (size_t i = 0; i < sizeof garbage; i++) {
            garbage[i] = (unsigned char)rand_r(state);
        }
        (void)!send(fd, garbage, sizeof garbage, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    if (rand_r(state) % 4 == 0) {
        (void)shutdown(fd, SHUT_WR);
    }
    return fd;
}

static void test_storm(void **state)
{
    int held[HELD];
    unsigned dice = seed();
    unsigned count = rounds();
    (void)state;
    memset(held, -1, sizeof held);
    victim_open(&victim, "{\"limits\":{\"header_timeout_s\":5}}");
    for (unsigned i = 0; i < count; i++) {
        size_t place = (size_t)rand_r(&dice) % HELD;
        hang_up(held[place], rand_r(&dice));
        held[place] = attack(&dice);
        if (i % LOOK_EVERY == 0) {
            expect_alive(&victim);
        }
    }
    for (size_t i = 0; i < HELD; i++) {
        hang_up(held[i], 1);
    }
    expect_alive(&victim);
    expect_nobody(&victim, 15000);
    expect_idle(&victim);
    victim_close(&victim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_storm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
