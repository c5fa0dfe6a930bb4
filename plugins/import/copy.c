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

static bool copy_chunks(const struct source *source, int to_fd, unsigned char *chunk,
                        EVP_MD_CTX *hash, _Atomic uint64_t *copied, struct verdict *verdict)
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
        if (!write_all(to_fd, chunk, (size_t)got)) {
            return verdict_library(verdict, errno, "writing the copy");
        }
        EVP_DigestUpdate(hash, chunk, (size_t)got);
        at += got;
        if (copied != NULL) {
            atomic_fetch_add_explicit(copied, (uint64_t)got, memory_order_relaxed);
        }
    }
    return is_unchanged(source, at)
               ? true
               : verdict_set(verdict, 400,
                             "%s changed while it was copied: import it when it is complete",
                             source->path);
}

static void hash_finish(EVP_MD_CTX *hash, char hash_out[HASH_HEX_BYTES])
{
    unsigned char digest[32];
    EVP_DigestFinal_ex(hash, digest, NULL);
    for (size_t i = 0; i < sizeof digest; i++) {
        snprintf(hash_out + 2 * i, 3, "%02x", digest[i]);
    }
}

bool copy_and_hash(const struct source *source, int to_fd, _Atomic uint64_t *copied,
                   char hash_out[HASH_HEX_BYTES], struct verdict *verdict)
{
    bool ok = false;
    unsigned char *chunk = malloc(CHUNK_BYTES);
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    if (chunk == NULL || hash == NULL || EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1) {
        verdict_set(verdict, 503, "out of memory");
        goto out;
    }
    posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (!copy_chunks(source, to_fd, chunk, hash, copied, verdict)) {
        goto out;
    }
    const struct timespec times[2] = {source->info.st_mtim, source->info.st_mtim};
    if (futimens(to_fd, times) < 0 || fsync(to_fd) < 0) {
        verdict_library(verdict, errno, "bringing the copy to the disk");
        goto out;
    }
    hash_finish(hash, hash_out);
    ok = true;
out:
    EVP_MD_CTX_free(hash);
    OPENSSL_thread_stop(); /* the pool's threads do not end in time to free what OpenSSL keeps */
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
