/* Judging a library: see originals.h. */
#include "originals.h"

#include "check.h"
#include "client/wait.h"
#include "photos.h"

#include <ftw.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define PARTS_MS 20000
#define HEX_BYTES 65

/* The SHA-256 of a file; "" where there is none. */
static void digest_of(const char *path, char hex_out[HEX_BYTES])
{
    unsigned char buffer[65536];
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t got;
    FILE *file = fopen(path, "re");
    hex_out[0] = '\0';
    if (!file)
        return;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
        EVP_DigestUpdate(context, buffer, got);
    EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    fclose(file);
    for (int i = 0; i < 32; i++)
        snprintf(hex_out + 2 * i, 3, "%02x", digest[i]);
}

static json_t *walked; /* {relative path: digest} */
static size_t walked_from;

static int walk_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    char hex[HEX_BYTES];
    (void)info;
    (void)place;
    if (kind == FTW_F) {
        digest_of(path, hex);
        json_object_set_new(walked, path + walked_from, json_string(hex));
    }
    return 0;
}

json_t *originals_read(const char *folder)
{
    walked = json_object();
    walked_from = strlen(folder) + 1;
    nftw(folder, walk_one, 16, FTW_PHYS);
    return walked;
}

static void take_photo(const struct studio *studio, json_int_t id, json_t *contents, json_t *files)
{
    char path[64];
    size_t i;
    json_t *file;
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)id);
    json_t *photo = ask(studio, 200, "GET", path, NULL);
    json_array_foreach(list_of(photo, "files"), i, file)
    {
        const char *role = text_of(file, "role");
        const char *digest = text_of(file, "content_hash");
        bool counts = strcmp(role, "original") == 0 || strcmp(role, "rendition") == 0;
        json_int_t times = json_integer_value(json_object_get(contents, digest));
        json_object_set_new(contents, digest, json_integer(times + counts));
        json_object_set_new(files, text_of(file, "path"), json_string(digest));
    }
    json_decref(photo);
}

void originals_catalog(const struct studio *studio, json_t **contents_out, json_t **files_out)
{
    json_int_t offset = 0;
    json_int_t total;
    *contents_out = json_object();
    *files_out = json_object();
    do {
        char path[96];
        size_t i;
        json_t *photo;
        snprintf(path, sizeof path, "/api/photos?limit=1000&offset=%lld", (long long)offset);
        json_t *answer = ask(studio, 200, "GET", path, NULL);
        total = int_of(answer, "total");
        offset += int_of(answer, "count");
        json_array_foreach(list_of(answer, "photos"), i, photo)
            take_photo(studio, int_of(photo, "id"), *contents_out, *files_out);
        json_decref(answer);
    } while (offset < total);
}

static void check_catalog(const json_t *contents, const json_t *files)
{
    const char *key;
    json_t *value;
    char hex[HEX_BYTES];
    json_object_foreach((json_t *)contents, key, value)
    {
        if (json_integer_value(value) > 1)
            fail_msg("the content %s is %d photographs", key, (int)json_integer_value(value));
    }
    json_object_foreach((json_t *)files, key, value)
    {
        digest_of(key, hex);
        if (strcmp(hex, json_string_value(value)) != 0)
            fail_msg("%s is not what the catalog says: it is %s", key, hex);
    }
}

static bool is_original(const json_t *originals, const char *digest)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)originals, key, value)
    {
        if (strcmp(json_string_value(value), digest) == 0)
            return true;
    }
    return false;
}

static void check_files(const struct studio *studio, const json_t *originals)
{
    const char *key;
    json_t *value;
    char *library = studio_path(studio->host.data_dir, "library");
    json_t *files = originals_read(library);
    json_object_foreach(files, key, value)
    {
        if (!is_original(originals, json_string_value(value)))
            fail_msg("%s/%s is none of the files that were imported", library, key);
    }
    json_decref(files);
    free(library);
}

static void check_sources(const json_t *originals, const char *source, const json_t *contents,
                          bool moved)
{
    const char *key;
    json_t *value;
    json_t *there = originals_read(source);
    json_object_foreach((json_t *)originals, key, value)
    {
        const char *digest = json_string_value(value);
        const char *found = json_string_value(json_object_get(there, key));
        bool kept = found && strcmp(found, digest) == 0;
        if (!kept && !(moved && !found && json_object_get(contents, digest)))
            fail_msg("%s/%s is lost", source, key);
    }
    json_decref(there);
}

static void await_no_parts(const struct studio *studio)
{
    int64_t deadline_ms = jmt_deadline_after(PARTS_MS);
    while (photo_count_files(studio->host.data_dir, ".part") > 0) {
        if (jmt_clock_ms() >= deadline_ms)
            fail_msg("unfinished copies are left in %s", studio->host.data_dir);
        poll(NULL, 0, 20);
    }
}

void originals_check(const struct studio *studio, const json_t *originals, const char *source,
                     bool moved)
{
    json_t *contents;
    json_t *files;
    await_no_parts(studio);
    originals_catalog(studio, &contents, &files);
    check_catalog(contents, files);
    check_files(studio, originals);
    check_sources(originals, source, contents, moved);
    json_decref(contents);
    json_decref(files);
}
