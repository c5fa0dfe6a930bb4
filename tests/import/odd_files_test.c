/*
 * What else lies on cards and in libraries: names of any bytes, links in a circle, pipes and devices,
 * sidecars in UTF-16; a library that is full, read-only, or moved away. Small file systems in memory
 * are mounted for this process alone, which only root can do; otherwise those tests are skipped.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static struct studio studio;
static char *place, *library;
static bool mounted;

static int open_studio(void **state)
{
    (void)state;
    place = studio_folder_new();
    library = studio_path(place, "library");
    mounted = unshare(CLONE_NEWNS) == 0 &&
              mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
              mount("tmpfs", place, "tmpfs", MS_NOSUID, "size=4m,mode=0700") == 0;
    studio_open(&studio, json_pack("{s:{s:{s:s}}}", "plugins", "import", "library", library), NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(photo_count_files(place, ".part"), 0);
    studio_close(&studio);
    if (mounted)
        umount(place);
    studio_folder_remove(place);
    free(library);
    return 0;
}

static json_t *import_file(int status, const char *path)
{
    return ask(&studio, status, "POST", "/import/file", json_pack("{s:s}", "file_path", path));
}

static void expect_refused(int status, const char *path, const char *words)
{
    ask_refused(&studio, status, "POST", "/import/file", json_pack("{s:s}", "file_path", path),
                words);
}

/* Only the photographs of such a folder count, and none of the rest holds anything up. */
static void test_odd_card(void **state)
{
    struct jmt_ws ws;
    char longest[256];
    char job_path[64];
    (void)state;
    char *card = studio_path(studio.photos, "DCIM");
    must(mkdir(card, 0755));
    memset(longest, 'n', 255);
    memcpy(longest + 251, ".jpg", 5);
    free(photo_write(card, longest, "longest"));
    free(photo_write(card, "new\nline.jpg", "new line"));
    free(photo_write(card, "caf\xe9.jpg", "no UTF-8"));
    free(photo_write(card, "\xff\xfe.jpg", "no UTF-8 at all"));
    char *pipe = studio_path(card, "pipe.jpg");
    char *loop = studio_path(card, "loop.jpg");
    char *up = studio_path(card, "up");
    must(mkfifo(pipe, 0600));
    must(symlink("loop.jpg", loop));
    must(symlink("..", up));
    listen_open(&ws, &studio, "photos");
    json_t *job = ask(&studio, 200, "POST", "/import/card", json_pack("{s:s}", "path", card));
    expect_int(job, "new", 4);
    expect_int(job, "other", 3);
    snprintf(job_path, sizeof job_path, "/import/card/%lld", (long long)int_of(job, "card_id"));
    while (strcmp(text_of(job, "status"), "running") == 0) {
        json_decref(job);
        json_decref(listen_for(&ws, "import_progress"));
        job = ask(&studio, 200, "GET", job_path, NULL);
    }
    expect_text(job, "status", "done");
    expect_int(job, "imported", 4);
    json_decref(job);
    jmt_ws_fini(&ws);
    expect_refused(400, pipe, "no regular file");
    expect_refused(403, loop, "leads nowhere");
    free(up);
    free(loop);
    free(pipe);
    free(card);
}

static void test_device(void **state)
{
    (void)state;
    char *device = studio_path(studio.photos, "device.jpg");
    if (mknod(device, S_IFCHR | 0600, makedev(1, 5)) < 0) {
        free(device);
        skip();
    }
    expect_refused(400, device, "");
    must(unlink(device));
    free(device);
}

static void test_utf16_sidecar(void **state)
{
    static const char packet[] =
        "<?xpacket begin='\xef\xbb\xbf' id='W5M0MpCehiHzreSzNTczkc9d'?>"
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'/>"
        "</rdf:RDF></x:xmpmeta><?xpacket end='w'?>";
    char wide[2 * sizeof packet + 2] = "\xff\xfe";
    char path[64];
    size_t used = 2;
    (void)state;
    for (size_t i = 0; i < sizeof packet - 1; i++) {
        if ((unsigned char)packet[i] < 0x80) { /* the mark inside is left out */
            wide[used++] = packet[i];
            wide[used++] = '\0';
        }
    }
    char *photo_path = photo_write(studio.photos, "wide.jpg", "wide");
    free(photo_write_raw(studio.photos, "wide.xmp", wide, used));
    json_t *answer = import_file(200, photo_path);
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)int_of(answer, "photo_id"));
    json_t *photo = ask(&studio, 200, "GET", path, NULL);
    expect_int(photo, "rating", 4);
    json_decref(photo);
    json_decref(answer);
    free(photo_path);
}

static void test_read_only(void **state)
{
    (void)state;
    if (!mounted)
        skip();
    char *path = photo_write(studio.photos, "later.jpg", "later");
    must(mount(NULL, place, NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID, NULL));
    json_t *answer = import_file(503, path);
    assert_non_null(strstr(text_of(answer, "details"), "Read-only file system"));
    json_decref(answer);
    must(mount(NULL, place, NULL, MS_REMOUNT | MS_NOSUID, NULL));
    json_decref(import_file(200, path));
    free(path);
}

static void test_full(void **state)
{
    struct jmt_ws ws;
    (void)state;
    if (!mounted)
        skip();
    char *folder = studio_path(studio.photos, "big");
    must(mkdir(folder, 0755));
    free(photo_write_sized(folder, "big.jpg", "big", 6000000));
    char *small = photo_write(folder, "small.jpg", "small");
    listen_open(&ws, &studio, "photos");
    ask_refused(&studio, 503, "POST", "/import/card", json_pack("{s:s}", "path", folder),
                "too little room");
    listen_quiet(&ws); /* nothing was begun */
    jmt_ws_fini(&ws);
    json_decref(import_file(200, small));
    free(small);
    free(folder);
}

/* It is not made anew somewhere: the disk that it lies on may just not be there. */
static void test_moved_away(void **state)
{
    (void)state;
    char *away = studio_path(place, "away");
    char *path = photo_write(studio.photos, "homeless.jpg", "homeless");
    must(rename(library, away));
    json_t *answer = import_file(503, path);
    assert_non_null(strstr(text_of(answer, "details"), "library"));
    json_decref(answer);
    assert_int_equal(access(library, F_OK), -1);
    must(rename(away, library));
    json_decref(import_file(200, path));
    free(path);
    free(away);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_odd_card),      cmocka_unit_test(test_device),
        cmocka_unit_test(test_utf16_sidecar), cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_full),          cmocka_unit_test(test_moved_away),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
