/* Copying, hashing, comparing. [worker] */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#define CHUNK_BYTES (1u << 20)

static ssize_t read_some(int fd, void *buffer, size_t size, off_t at)
{
    ssize_t got;
    do {
        got = pread(fd, buffer, size, at);
    } while (got < 0 && errno == EINTR);
    return got;
}

static bool write_all(int fd, const unsigned char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        bytes += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

/* Whether the source is what it was when it was opened, and `len` bytes long. */
static bool is_unchanged(const struct source *source, off_t len)
{
    struct stat now;
    const struct stat *then = &source->info;
    return fstat(source->fd, &now) == 0 && now.st_size == len && then->st_size == len &&
           now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == then->st_mtim.tv_nsec;
}

/* Both digests of what has passed so far. */
struct hashing {
    EVP_MD_CTX *sha256;
    XXH3_state_t *xxh3;
};

static bool hashing_init(struct hashing *hashing_out)
{
    hashing_out->sha256 = EVP_MD_CTX_new();
    hashing_out->xxh3 = XXH3_createState();
    return hashing_out->sha256 != NULL && hashing_out->xxh3 != NULL &&
           EVP_DigestInit_ex(hashing_out->sha256, EVP_sha256(), NULL) == 1 &&
           XXH3_128bits_reset(hashing_out->xxh3) == XXH_OK;
}

static void hashing_fini(struct hashing *hashing)
{
    EVP_MD_CTX_free(hashing->sha256);
    OPENSSL_thread_stop(); /* the pool's threads do not end in time to free what OpenSSL keeps */
    XXH3_freeState(hashing->xxh3);
}

static void write_hex(const unsigned char *bytes, size_t count, char *hex_out)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(hex_out + 2 * i, 3, "%02x", bytes[i]);
    }
}

static void write_xxh3(const XXH3_state_t *state, char hex_out[XXH3_HEX_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    write_hex(canonical.digest, sizeof canonical.digest, hex_out);
}

static void hashing_finish(struct hashing *hashing, struct digests *digests_out)
{
    unsigned char digest[32];
    EVP_DigestFinal_ex(hashing->sha256, digest, NULL);
    write_hex(digest, sizeof digest, digests_out->sha256);
    write_xxh3(hashing->xxh3, digests_out->xxh3);
}

static bool copy_chunks(const struct source *source, int to_fd, unsigned char *chunk,
                        struct hashing *hashing, _Atomic uint64_t *copied, struct verdict *verdict)
{
    off_t at = 0;
    while (true) {
        ssize_t got = read_some(source->fd, chunk, CHUNK_BYTES, at);
        if (got < 0) {
            return verdict_set(verdict, 400, "%s cannot be read: %s", source->path,
                               strerror(errno));
        }
        if (got == 0 || at > source->info.st_size) {
            break;
        }
        if (to_fd >= 0 && !write_all(to_fd, chunk, (size_t)got)) {
            return verdict_library(verdict, errno, "writing the copy");
        }
        EVP_DigestUpdate(hashing->sha256, chunk, (size_t)got);
        XXH3_128bits_update(hashing->xxh3, chunk, (size_t)got);
        at += got;
        if (copied != NULL) {
            atomic_fetch_add_explicit(copied, (uint64_t)got, memory_order_relaxed);
        }
    }
    if (is_unchanged(source, at)) {
        return true;
    }
    verdict->incomplete = true;
    return verdict_set(verdict, 400,
                       "%s changed while it was copied: import it when it is complete",
                       source->path);
}

bool copy_and_hash(const struct source *source, int to_fd, _Atomic uint64_t *copied,
                   struct digests *digests_out, struct verdict *verdict)
{
    bool ok = false;
    unsigned char *chunk = malloc(CHUNK_BYTES);
    struct hashing hashing;
    bool ready = hashing_init(&hashing);
    if (chunk == NULL || !ready) {
        verdict_set(verdict, 503, "out of memory");
        goto out;
    }
    posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (!copy_chunks(source, to_fd, chunk, &hashing, copied, verdict)) {
        goto out;
    }
    const struct timespec times[2] = {source->info.st_mtim, source->info.st_mtim};
    if (to_fd >= 0 && (futimens(to_fd, times) < 0 || fsync(to_fd) < 0)) {
        verdict_library(verdict, errno, "bringing the copy to the disk");
        goto out;
    }
    hashing_finish(&hashing, digests_out);
    ok = true;
out:
    hashing_fini(&hashing);
    free(chunk);
    return ok;
}

/* The XXH3-128 of a file; false with errno where it cannot be read. */
static bool hash_file(int fd, unsigned char *chunk, XXH3_state_t *state,
                      char hex_out[XXH3_HEX_BYTES])
{
    off_t at = 0;
    ssize_t got;
    XXH3_128bits_reset(state);
    while ((got = read_some(fd, chunk, CHUNK_BYTES, at)) > 0) {
        XXH3_128bits_update(state, chunk, (size_t)got);
        at += got;
    }
    write_xxh3(state, hex_out);
    return got == 0;
}

bool copy_read_back(int fd, const struct digests *wanted, const char *name, struct verdict *verdict)
{
    char found[XXH3_HEX_BYTES];
    unsigned char *chunk = malloc(CHUNK_BYTES);
    XXH3_state_t *state = XXH3_createState();
    bool ok = false;
    if (chunk == NULL || state == NULL) {
        verdict_set(verdict, 503, "out of memory");
        goto out;
    }
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (!hash_file(fd, chunk, state, found)) {
        verdict_trouble(verdict, 503, "verify_failed",
                        "the copy of %s cannot be read back: %s; check the disk", name,
                        strerror(errno));
        goto out;
    }
    ok = strcmp(found, wanted->xxh3) == 0;
    if (!ok) {
        verdict_trouble(verdict, 503, "verify_failed",
                        "the copy of %s is not what was read: the disk gave back other bytes; it "
                        "was not kept, check the disk",
                        name);
    }
out:
    XXH3_freeState(state);
    free(chunk);
    return ok;
}

/* Fill the buffer unless the file ends. */
static ssize_t read_full(int fd, unsigned char *buffer, size_t size, off_t at)
{
    size_t used = 0;
    while (used < size) {
        ssize_t got = read_some(fd, buffer + used, size - used, at + (off_t)used);
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        used += (size_t)got;
    }
    return (ssize_t)used;
}

bool files_are_equal(int a_fd, int b_fd)
{
    static const size_t half = CHUNK_BYTES / 2;
    unsigned char *chunk = malloc(CHUNK_BYTES);
    bool equal = chunk != NULL;
    off_t at = 0;
    ssize_t got = 1;
    while (equal && got > 0) {
        got = read_full(a_fd, chunk, half, at);
        equal = got >= 0 && read_full(b_fd, chunk + half, half, at) == got &&
                memcmp(chunk, chunk + half, (size_t)got) == 0;
        at += got;
    }
    free(chunk);
    return equal;
}
